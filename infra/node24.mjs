// The scripts of package.json start here: plain JavaScript, so that an older Node can say what is wrong.
const major = Number(process.versions.node.split('.')[0]);
if (major < 24) {
  console.error(
    `Node 24 needed, found ${process.versions.node}. On Linux (x64, arm64) "npm ci" brings it along as an optional dependency; ` +
      'elsewhere install Node 24 and try again.',
  );
  process.exit(2);
}
const { resolve } = await import('node:path');
const { pathToFileURL } = await import('node:url');
process.argv.splice(1, 1);
await import(pathToFileURL(resolve(process.argv[1])).href);
