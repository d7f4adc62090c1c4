// The scripts of package.json start here, in plain JavaScript that any Node understands: `node infra/node24.mjs FILE …`
// runs FILE on Node 24. On Linux that is the one which `npm ci` brings along (npm 11 and later link it as
// node_modules/.bin/node, npm 10 does not, so it is looked up by its package).
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const [file = '', ...args] = process.argv.slice(2);
const bundled = fileURLToPath(new URL(`../node_modules/node-linux-${process.arch}/bin/node`, import.meta.url));

if (Number.parseInt(process.versions.node, 10) >= 24) {
  process.argv.splice(1, 2, resolve(file));
  await import(pathToFileURL(process.argv[1]).href);
} else if (process.platform === 'linux' && existsSync(bundled)) {
  handOver(bundled, [file, ...args]);
} else {
  console.error(
    `Node 24 needed, found ${process.versions.node}. On Linux (x64, arm64) "npm ci" brings it along, unless optional ` +
      'dependencies are left out; elsewhere install Node 24 and try again.',
  );
  process.exitCode = 2;
}

function handOver(node, argv) {
  const child = spawn(node, argv, { stdio: 'inherit' });
  // A terminal sends its Ctrl-C to both of us; what is sent to this process alone has to be passed on.
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'));
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code) => process.exit(code ?? 1));
}
