// Runs cal.com's own functions (buildDateRanges, subtract, getSlots) from a copy of its public source, bundled in memory.
// stdin: {source, home, now, zone, first, last, rules, windows, calendars, timed}; stdout: {cpu_ms, slots}.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const asked = JSON.parse(readFileSync(0, "utf8"));
const { build } = createRequire(join(asked.home, "package.json"))("esbuild");
const entry = `
  import dayjs from "@calcom/dayjs";
  import getSlots from "${asked.source}/packages/features/schedules/lib/slots.ts";
  import { buildDateRanges, subtract } from "${asked.source}/packages/features/schedules/lib/date-ranges.ts";
  export { dayjs, getSlots, buildDateRanges, subtract };`;
const stubs = {
  // What their modules say of the two functions that the core uses; the rest of these modules is not needed.
  "/lib/dayjs": "export const getTimeZone = (date) => date.$x.$timezone;",
  "/lib/sentryWrapper": "export const withReporting = (work) => work;",
};
const scope = {
  name: "scope",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^@[a-z]+\/(dayjs$|lib\/|features\/)/ }, ({ path }) => {
      const place = path.replace(/^@[a-z]+/, "");
      if (place in stubs) return { path: place, namespace: "stub" };
      if (place === "/dayjs") return { path: `${asked.source}/packages/dayjs/index.ts` };
      return { path: `${asked.source}/packages${place}.ts` };
    });
    onResolve({ filter: /^dayjs/ }, ({ path }) => ({ path: createRequire(join(asked.home, "package.json")).resolve(path) }));
    onLoad({ filter: /.*/, namespace: "stub" }, ({ path }) => ({ contents: stubs[path] }));
  },
};
const bundle = await build({
  stdin: { contents: entry, resolveDir: asked.home, loader: "ts" },
  bundle: true, format: "esm", platform: "node", write: false, plugins: [scope], logLevel: "error",
});
const written = join(asked.source, "core.mjs");
writeFileSync(written, bundle.outputFiles[0].text);

const RealDate = Date;
const now = asked.now * 1000;
globalThis.Date = class extends RealDate {
  constructor(...given) {
    given.length ? super(...given) : super(now);
  }
  static now() {
    return now;
  }
};
const { dayjs, getSlots, buildDateRanges, subtract } = await import(pathToFileURL(written));

const [duration, step, before, after, earliest] = asked.rules;
const clock = (minutes) => new Date(RealDate.UTC(1970, 0, 1, Math.floor(minutes / 60), minutes % 60));
const availability = asked.windows.map(([opens, closes]) => ({
  days: [1, 2, 3, 4, 5], startTime: clock(opens), endTime: clock(closes),
}));
const from = dayjs.tz(`${asked.first}T00:00:00`, asked.zone);
const until = dayjs.tz(`${asked.last}T00:00:00`, asked.zone).add(1, "day");
const free = (bookings) => {
  const { dateRanges } = buildDateRanges({
    availability, timeZone: asked.zone, dateFrom: from, dateTo: until, travelSchedules: [],
  });
  const busy = bookings.map(([start, end]) => ({
    start: dayjs.utc((start - after) * 1000), end: dayjs.utc((end + before) * 1000),
  }));
  return getSlots({
    inviteeDate: from,
    frequency: step / 60,
    dateRanges: subtract(dateRanges, busy),
    minimumBookingNotice: (earliest - asked.now) / 60,
    eventLength: duration / 60,
  }).map((slot) => slot.time.valueOf() / 1000);
};
const times = [];
for (let run = 0; run < 13; run++) {
  const began = process.cpuUsage();
  free(asked.calendars[asked.timed]);
  const { user, system } = process.cpuUsage(began);
  if (run > 2) times.push((user + system) / 1000);
}
times.sort((a, b) => a - b);
const slots = Object.fromEntries(Object.entries(asked.calendars).map(([name, one]) => [name, free(one)]));
process.stdout.write(JSON.stringify({ cpu_ms: times[times.length >> 1], slots }));
