import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setPriority } from 'node:os';
import { createInterface } from 'node:readline';

/** Packages that a build from nothing compiles, for the progress that is told. */
const packages = 2_800;
const tellEveryMs = 30_000;

/**
 * Builds the package `./${target}` of the Go module in `source` into the file `output`. Modules come from the configured Go
 * proxy. Throws with the compiler's words.
 */
export async function buildBinary(
  source: string,
  target: string,
  output: string,
  kubernetesVersion: string,
): Promise<void> {
  tell(`building Kubernetes ${kubernetesVersion} (${target}) from Go modules, once: 5 minutes on two idle cores`);
  const began = Date.now();
  const go = spawn('go', ['build', '-v', ...flags(kubernetesVersion), '-o', output, `./${target}`], {
    cwd: source,
    env: { ...process.env, CGO_ENABLED: '0', GOTOOLCHAIN: 'local' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  go.once('spawn', () => setPriority(go.pid ?? 0, 10));
  const words: string[] = [];
  createInterface(go.stderr).on('line', (line) => words.push(line));
  const timer = setInterval(
    () => tell(`${minutes(began)} min, ${words.length} of at most ${packages} packages`),
    tellEveryMs,
  );
  try {
    const [code] = await once(go, 'close');
    if (code !== 0) throw new Error(`go build in ${source} failed (${code}):\n${words.slice(-20).join('\n')}`);
  } finally {
    clearInterval(timer);
  }
  tell(`built in ${minutes(began)} min`);
}

/** Without its version a server calls itself v0.0.0-master+$Format:%H$, which clients can't parse. */
function flags(version: string): string[] {
  const [major, minor] = version.split('.');
  const base = 'k8s.io/component-base/version';
  const stamps = [
    `${base}.gitVersion=v${version}`,
    `${base}.gitMajor=${major}`,
    `${base}.gitMinor=${minor}`,
    `${base}.gitTreeState=clean`,
    `k8s.io/client-go/pkg/version.gitVersion=v${version}`,
  ];
  const linker = ['-s', '-w', ...stamps.flatMap((stamp) => ['-X', stamp])].join(' ');
  return ['-mod=readonly', '-buildvcs=false', '-trimpath', '-ldflags', linker];
}

function minutes(since: number): string {
  return ((Date.now() - since) / 60_000).toFixed(1);
}

function tell(words: string): void {
  process.stderr.write(`control plane: ${words}\n`);
}
