import path from "node:path";
import { expect } from "chai";
import type { Diagnostic } from "../../harness/engine/analyzer";
import { PolicyTester } from "../../harness/policy-tester";
import { casesOf } from "./cases";

const ROOT = path.resolve(__dirname, "../..");

/** A message without how to exempt. */
const SAY_WHY = /^If it .*, say why in a file for --policy-pack-config/;

/** What is said, as a case has it: where that is one line, the first one. */
function said(
  diagnostics: readonly Diagnostic[],
  expected: Readonly<Record<string, string>>,
): Record<string, string> {
  return Object.fromEntries(
    diagnostics.map(({ policy, level, urn, message }) => {
      const lines = message.split("\n");
      const [, part = ""] = /'[^'#]*(#\/[^']*)'/.exec(lines[0] ?? "") ?? [];
      const name = urn.split("::").slice(3).join("::").replace(part, "") + part;
      const key = `${policy} ${name}${level === "advisory" ? " (note)" : ""}`;
      const end = lines.findIndex((line) => SAY_WHY.test(line));
      const whole = lines.slice(0, end === -1 ? undefined : end).join("\n");
      const isWhole = expected[key]?.includes("\n") ?? false;
      return [key, isWhole ? `${whole}\n` : (lines[0] ?? "")];
    }),
  );
}

for (const verdict of ["blocked", "passed"] as const) {
  describe(`Over the engine's protocol, ${verdict}`, () => {
    const tester = new PolicyTester(ROOT);
    for (const { title, inputs, outputs, config, findings } of casesOf(verdict)) {
      it(title, () =>
        tester.configured(config, async () => {
          const found: Diagnostic[] = [];
          for (const resource of inputs) found.push(...(await tester.pack.analyze(resource)));
          found.push(...(await tester.analyzeStack(...outputs)));
          const all = said(found, findings);
          expect(all).to.deep.equal(findings);
          expect(found, "findings on one resource by one policy").to.have.length(Object.keys(all).length);
          expect(found.some(({ level }) => level === "mandatory")).to.equal(verdict === "blocked");
        }),
      );
    }
  });
}
