// Reads a calendar with ical.js and with node-ical; prints what each has understood.
// Usage: node read_calendar.cjs FOLDER_WITH_NODE_MODULES FILE
const { createRequire } = require("node:module");
const { readFileSync } = require("node:fs");
const { join } = require("node:path");

const [folder, file] = process.argv.slice(2);
const load = createRequire(join(folder, "package.json"));
const text = readFileSync(file, "utf8");

function byIcalJs() {
  const ical = load("ical.js");
  const ICAL = ical.default ?? ical;
  const calendar = new ICAL.Component(ICAL.parse(text));
  return calendar.getAllSubcomponents("vevent").map((component) => {
    const event = new ICAL.Event(component);
    return {
      uid: event.uid,
      start: event.startDate.toJSDate().toISOString(),
      end: event.endDate.toJSDate().toISOString(),
      status: component.getFirstPropertyValue("status"),
      sequence: event.sequence,
      summary: event.summary,
    };
  });
}

function byNodeIcal() {
  const found = load("node-ical").sync.parseICS(text);
  return Object.values(found)
    .filter((event) => event.type === "VEVENT")
    .map((event) => ({
      uid: event.uid,
      start: event.start.toISOString(),
      end: event.end.toISOString(),
      status: event.status,
      sequence: Number(event.sequence),
      summary: event.summary,
    }));
}

console.log(JSON.stringify({ "ical.js": byIcalJs(), "node-ical": byNodeIcal() }));
