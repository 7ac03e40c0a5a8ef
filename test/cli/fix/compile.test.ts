import { spawnSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect } from "chai";
import { formatted } from "../../../cli/fix/format";
import { newErrors } from "../../../cli/fix/compile";
import { FixError } from "../../../cli/source/edit";
import { ROOT } from "../../harness/engine/paths";
import { type Case, readCases } from "../source/cases";
import { tempFolder } from "../../temp-folder";

const STUBS = join(ROOT, "test/testdata/fix/stubs");
const fixed = readCases().flatMap((each) => (each.after === undefined ? [] : [{ ...each, after: each.after }]));
const isIn = (kind: RegExp) => (each: Case) => kind.test(each.file);

describe("the programs that are fixed, by real compilers", function () {
  this.timeout("5m");
  let folder: string;
  beforeEach(() => {
    folder = tempFolder("fix-compile");
  });
  const put = (file: string, text: string): void => {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  };
  const roots = (): { repository: string; project: string; manifest: string } => ({
    ...{ repository: folder, project: folder, manifest: "Pulumi.yaml" },
  });
  /** The compiler's errors that the fixes add, each program in a folder of its own. */
  const added = (programs: readonly (Case & { after: string })[]): string[] => {
    const files = programs.map(({ file, before, after }, at) => ({ file: `p${at}/${file}`, before, after }));
    for (const { file, before } of files) put(file, before);
    return newErrors(files, roots());
  };
  const run = (command: string, args: readonly string[], input?: string): string => {
    const { error, stdout, stderr } = spawnSync(command, args, { cwd: folder, encoding: "utf8", input });
    if (error !== undefined) throw new Error(`${command} is missing: its programs aren't compiled`);
    return stdout + stderr;
  };

  it("have no new error of TypeScript's, with the types of Pulumi's package", () => {
    symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
    const options = { strict: true, module: "nodenext", target: "es2022", types: ["node"], noUnusedLocals: true };
    put("tsconfig.json", JSON.stringify({ compilerOptions: { ...options, allowJs: true, checkJs: true } }));
    const programs = fixed
      .filter(isIn(/\.[cm]?[tj]s$/))
      .map((each) => ({ ...each, file: each.file.replace(/js$/, "ts") }));
    expect(programs.length).to.be.greaterThan(20);
    expect(added(programs)).to.deep.equal([]);
    const one = programs.find(({ after }) => after.includes(".id,"));
    if (one === undefined) throw new Error("there are no programs");
    const broken = added([{ ...one, after: one.after.replace("BlockPublic", "Blocks").replace(".id", ".none") }]);
    expect(broken.join("\n")).to.contain("'none' does not exist");
  });

  it("have no new error of Go's, and gofmt has nothing to change once it has run", () => {
    const programs = fixed.filter(isIn(/\.go$/));
    expect(programs.length).to.be.greaterThan(10);
    run("cp", ["-R", `${STUBS}/.`, folder]);
    expect(added(programs)).to.deep.equal([]);
    const one = programs.find(({ after }) => after.includes(".ID()"));
    if (one === undefined) throw new Error("there are no programs");
    expect(added([{ ...one, after: one.after.replace(".ID()", ".None()") }]).join("\n")).to.contain("None undefined");
    programs.forEach((each, at) => {
      put(`after/${at}.go`, formatted(each, roots()).after);
    });
    expect(run("gofmt", ["-l", "after"])).to.equal("");
  });

  it("are Python's", () => {
    const programs = fixed.filter(isIn(/\.py$/)).map(({ after }) => after);
    const script = "import ast, json, sys\nfor program in json.load(sys.stdin): ast.parse(program)";
    expect(run("python3", ["-c", script], JSON.stringify(programs))).to.equal("");
  });

  it("aren't checked where the project has no compiler, and that is said", () => {
    const file = { file: "index.ts", before: "", after: "let a = 1;" };
    expect(() => newErrors([file], roots())).to.throw(FixError, "--check needs the package typescript");
    expect(newErrors([{ ...file, file: "__main__.py" }], roots())).to.deep.equal([]);
  });
});
