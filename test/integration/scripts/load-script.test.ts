import { loadScriptCases } from './load-script-cases.ts';

loadScriptCases(['/bin/sh']);
