import { KmmError } from '../../../shared/kmm/errors.ts';
import type { ExitCode, Io } from '../io.ts';
import { say } from '../output/say.ts';
import { write } from '../output/write.ts';
import { type LineRequest, parseRequest } from './parse-request.ts';
import { type Line, readLines } from './read-lines.ts';

/**
 * `--stdin`: a JSON line out for each line in, in order and as they come, in constant memory. A line that can't be
 * understood is answered by `{"error": …}` and the next one is read; the exit code then is 2, otherwise 0.
 */
export async function answerLines(io: Io, answer: (request: LineRequest) => object): Promise<ExitCode> {
  let malformed = 0;
  for await (const lines of readLines(io.stdin)) {
    const answers = lines.map((line) => {
      const result = answerLine(line, answer);
      if (result.kind === 'malformed') malformed += 1;
      return `${JSON.stringify(result.value)}\n`;
    });
    await write(io.stdout, answers.join(''));
  }
  if (malformed === 0) return 0;
  say(io, `error: ${malformed} of the lines could not be understood, see their "error"`);
  return 2;
}

function answerLine(
  line: Line,
  answer: (request: LineRequest) => object,
): { kind: 'answered' | 'malformed'; value: object } {
  try {
    return { kind: 'answered', value: answer(parseRequest(line)) };
  } catch (error) {
    if (!(error instanceof KmmError)) throw error;
    return { kind: 'malformed', value: { error: `line ${line.number}: ${error.message}` } };
  }
}
