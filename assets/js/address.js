// The address follows the page's filters: an element with data-address says what it should be, and with data-came-by the
// query that the page was opened with. Only the query changes, without a navigation, so that typing in a search box is
// never interrupted by a page that loads. An address that is neither of ours belongs to a page that is about to load.
import { one } from "./dom.js";

let ours = "";
let workspace = "";
export const followAddress = () => {
  const { address, cameBy } = one("[data-address]")?.dataset ?? {};
  if (!address || (location.search !== cameBy && location.search !== ours)) return;
  const [path, query = ""] = address.split("?");
  if (path !== location.pathname.replace(/\/$/, "")) return;
  ours = query && `?${query}`;
  if (ours !== location.search) history.replaceState(history.state, "", address);
};

// The stand-in's till is the server's own page: the router has come to its address and knows no such page.
export const leaveForTill = () => location.pathname.startsWith("/pay/") && location.reload();

// Another workspace was chosen in another tab: what this page shows is not where its buttons would act.
export const followWorkspace = () => {
  const now = one("[data-workspace]")?.dataset.workspace ?? "";
  if (now && workspace && now !== workspace) location.assign("/");
  workspace = now || workspace;
};

// The tab is named by the page's heading: a task by its title, a booking page by what can be booked; before it stands
// what is open in the page, or which of its tabs.
const short = (text) => (text?.length > 40 ? `${text.slice(0, 39)}…` : text);
export const nameTab = () => {
  const [heading, part] = [one("main h1"), one("main [data-names-tab], main :is(nav.tabs, .settings-nav) [aria-current=page]")].map(
    (element) => element?.innerText.trim(),
  );
  if (!heading) return;
  const name = [part !== heading && short(part), heading, "TaskJuggler"].filter(Boolean).join(" · ");
  if (document.title !== name) document.title = name;
};
