import { processIo } from './process-io.ts';
import { run } from './run.ts';

// No top-level await: the packed command is one CommonJS file. The exit code is set, not forced, so that pipes drain.
run(process.argv.slice(2), processIo()).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error(error);
    process.exitCode = 2;
  },
);
