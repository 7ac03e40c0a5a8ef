/** The real engine for tests: `engine`, `workspace`, and for the policy protocol `analyzer.ts`. */
export { engine } from "./engine";
export type { Engine } from "./engine";
export type { Run, Violation } from "./run";
export { workspace, writeProgram } from "./workspace";
export type { DataResource } from "./language-host/data";
export type { DataProgram, OperationOptions, RunOptions, Workspace } from "./workspace";
