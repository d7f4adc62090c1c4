import type { Style } from '../output/style.ts';
import { toTable } from '../output/table.ts';
import { effectWords } from './plan-words.ts';
import type { PlannedTarget } from './planned-target.ts';

/** One line for each target, then what there is to say about each in a sentence. */
export function planTable(targets: readonly PlannedTarget[], paint: Style): string {
  const rows = targets.map((target) => [
    `${target.namespace}/${target.module}`,
    `${target.kernelVersion}/${target.architecture}`,
    target.row,
    paint(isInTheWay(target) ? 'red' : 'green', target.state),
    target.action,
    effectWords(target.effect),
  ]);
  const table = toTable(['MODULE', 'TARGET', 'ROW', 'STATE', 'WOULD DO', 'ON NODES'], rows);
  return `${table}\n${targets.map((target) => words(target, paint)).join('')}`;
}

function words(
  { namespace, module, kernelVersion, architecture, reason, message, warnings }: PlannedTarget,
  paint: Style,
): string {
  const head = `${namespace}/${module} on ${kernelVersion}/${architecture}: ${reason}: ${message}\n`;
  return head + warnings.map((warning) => `  ${paint('yellow', 'warning')} ${warning}\n`).join('');
}

/** Something has to be done by a person before the module is on that kernel. */
export function isInTheWay({ row }: PlannedTarget): boolean {
  return ![
    'roll-out',
    'inspect',
    'inspection-pending',
    'sign',
    'signing-pending',
    'join',
    'build',
    'build-pending',
  ].includes(row);
}
