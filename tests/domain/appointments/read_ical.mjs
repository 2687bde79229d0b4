// Reads an iCalendar text from stdin with ical.js and prints what a calendar program would show.
import { readFileSync } from "node:fs";
import ICAL from "ical.js";

const root = new ICAL.Component(ICAL.parse(readFileSync(0, "utf8")));
for (const zone of root.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(zone);
const events = root.getAllSubcomponents("vevent").map((one) => {
  const event = new ICAL.Event(one);
  return {
    uid: event.uid,
    sequence: event.sequence,
    summary: event.summary,
    status: one.getFirstPropertyValue("status"),
    zone: event.startDate.zone.tzid,
    start: event.startDate.toJSDate().toISOString(),
    end: event.endDate.toJSDate().toISOString(),
    organizer: one.getFirstPropertyValue("organizer"),
    attendees: event.attendees.map((person) => person.getFirstValue()),
  };
});
console.log(JSON.stringify({ method: root.getFirstPropertyValue("method"), events }));
