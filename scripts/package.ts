import { relative } from "node:path";
import { stage } from "./stage";

// The package is another folder than the project, which `npm publish` therefore refuses: it is private.
const folder = relative(process.cwd(), stage(process.cwd()));
console.log(`The package lies in ${folder}. To publish it: npm publish ./${folder}`);
