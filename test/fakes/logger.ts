import type { Logger } from '../../shared/ports/logger.ts';

export interface LogLine {
  level: 'debug' | 'info' | 'warn' | 'error';
  message: string;
  fields: Record<string, unknown>;
}

export interface FakeLogger extends Logger {
  readonly lines: LogLine[];
  /** Everything that was logged, as one text: for "this secret is nowhere in it". */
  text(): string;
}

export function createFakeLogger(): FakeLogger {
  const lines: LogLine[] = [];
  const log =
    (level: LogLine['level']) =>
    (message: string, fields: Record<string, unknown> = {}) => {
      lines.push({ level, message, fields });
    };
  return {
    lines,
    debug: log('debug'),
    info: log('info'),
    warn: log('warn'),
    error: log('error'),
    text: () => JSON.stringify(lines),
  };
}
