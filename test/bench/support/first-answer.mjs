// Plays Lambda's runtime for one event: loads what the real one loads (aws-lambda-ric 4 is an ES module on these parts of
// Node, so an empty function pays for them too), requires the bundle, calls its handler, and tells on descriptor 3 what the
// process has cost so far (standard output is the function's log). Plain JavaScript, because stripping types would cost
// more than what is measured.
import 'node:async_hooks';
import 'node:http';
import 'node:net';
import 'node:os';
import 'node:util';
import 'node:worker_threads';
import { writeSync } from 'node:fs';
import { createRequire } from 'node:module';

const [bundle, name, event] = process.argv.slice(2);
await createRequire(import.meta.url)(bundle)[name](JSON.parse(event));
const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
writeSync(3, JSON.stringify({ cpu: (userCPUTime + systemCPUTime) / 1000, rss: maxRSS / 1024 }));
process.exit();
