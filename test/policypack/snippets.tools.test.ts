import { cpSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { outputOf, run } from "../harness/engine/command";
import { needsEngine } from "../harness/engine/needs-engine";
import { CACHE, ROOT } from "../harness/engine/paths";
import { goBuild, languageHost, RUN_PYTHON, yamlHost } from "../harness/languages";
import { environment } from "../harness/python/environment";
import { describeWithPython, say } from "../harness/python/needs-python";
import { pasteAll, programIn, project } from "./snippets";

describe("What a finding tells to paste in other languages", () => {
  needsEngine();

  it("compiles in Go, and its preview passes", async function () {
    this.timeout("25m");
    const program = (folder: string): string => join(folder, "bin/program");
    await pasteAll({
      file: "main.go",
      text: programIn("go"),
      prepare: (folder) => {
        cpSync(join(ROOT, "test/programs/source-go"), folder, { recursive: true });
        return { PATH: languageHost("go", [program(folder)], join(folder, "bin")) };
      },
      compile: (folder) => goBuild(folder, ["-o", program(folder), "."]),
    });
  });

  it("compiles in Java, and its preview passes", async function () {
    this.timeout("20m");
    const pom = join(ROOT, "test/java/pom.xml");
    const paths = join(CACHE, "java-classpath");
    outputOf("mvn", ["-q", "-f", pom, "dependency:build-classpath", `-Dmdep.outputFile=${paths}`]);
    const classpath = (folder: string): string => `${folder}:${readFileSync(paths, "utf8")}`;
    await pasteAll({
      file: "Shop.java",
      text: programIn("java"),
      others: { "Pulumi.yaml": project("java") },
      prepare: (folder) => ({
        PATH: languageHost("java", ["java", "-cp", classpath(folder), "Shop"], join(folder, "bin")),
      }),
      compile: async (folder) => {
        const { code, stderr } = await run("javac", ["-cp", classpath(folder), join(folder, "Shop.java")]);
        if (code !== 0) throw new Error(stderr);
      },
    });
  });

  it("is read in yaml, and its preview passes", async function () {
    this.timeout("20m");
    const host = await yamlHost(say);
    await pasteAll({
      file: "Pulumi.yaml",
      text: programIn("yaml"),
      // Which is told the language by its working directory alone.
      pack: join(ROOT, "dist/policypack/index.js"),
      prepare: () => ({ PATH: host, PWD: "/" }),
    });
  });
});

describeWithPython("What a finding tells to paste in Python", (python) => {
  needsEngine();
  let executable: string;
  before(async function () {
    this.timeout("10m");
    executable = await environment(python, join(ROOT, "test/python/requirements.txt"), say);
  });

  it("runs, and its preview passes", () =>
    pasteAll({
      file: "__main__.py",
      text: programIn("python"),
      others: { "Pulumi.yaml": project("python") },
      prepare: (folder) => {
        mkdirSync(join(folder, "bin"));
        return { PATH: languageHost("python", [executable, "-B", RUN_PYTHON], join(folder, "bin")) };
      },
    }));
});
