import { setTimeout } from 'node:timers/promises';

export const sleep = (milliseconds: number): Promise<void> => setTimeout(milliseconds);
