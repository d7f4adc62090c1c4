// Plays the function runtime for one event: requires the bundle, calls its handler, tells on descriptor 3 what the process
// has cost so far (standard output is the function's log). Plain CommonJS, because stripping types would cost more than
// what is measured.
const { writeSync } = require('node:fs');
const [bundle, name, event] = process.argv.slice(2);

async function main() {
  await require(bundle)[name](JSON.parse(event));
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  writeSync(3, JSON.stringify({ cpu: (userCPUTime + systemCPUTime) / 1000, rss: maxRSS / 1024 }));
  process.exit();
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
