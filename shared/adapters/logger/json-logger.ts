import type { Logger } from '../../ports/logger.ts';
import { redact } from './redact.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';
const levels: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];

export interface JsonLoggerOptions {
  level?: LogLevel;
  now: () => Date;
  write: (line: string) => void;
  /** Values that never leave in a line, wherever they stand in it. Asked for each line, so that new ones count at once. */
  secrets?: () => Iterable<string>;
  /** On every line: the cluster, the function. */
  fields?: Record<string, unknown>;
}

/** One JSON object on one line: time, level, a static message, fields. It never throws: a log is no reason to fail. */
export function createJsonLogger(options: JsonLoggerOptions): Logger {
  const threshold = levels.indexOf(options.level ?? 'info');
  const log = (level: LogLevel) => (message: string, fields?: Record<string, unknown>) => {
    if (levels.indexOf(level) < threshold) return;
    options.write(lineOf({ time: options.now().toISOString(), level, message, ...options.fields, ...fields }, options));
  };
  return { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') };
}

function lineOf(entry: Record<string, unknown>, { secrets }: JsonLoggerOptions): string {
  const safe = redact(entry, [...(secrets?.() ?? [])]);
  return `${JSON.stringify(safe)}\n`;
}
