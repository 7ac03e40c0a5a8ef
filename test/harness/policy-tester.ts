/** Tests the policies of a pack: what it says of a resource or a stack is the whole list of its findings. */
import { boot } from "./engine/analyzer";
import type { Analyzer, BootOptions, Diagnostic, PolicyConfiguration, Resource } from "./engine/analyzer";

/** One pack for the tests of a suite, spoken to over the engine's protocol: a process of its own, or by in-process.ts in this one. */
export class PolicyTester {
  #pack: Analyzer | undefined;

  /** Starts the pack in `folder` before the suite's first test and ends it after the last. Call it in the body of a `describe`. */
  constructor(folder: string, options: BootOptions = {}) {
    before(async () => {
      this.#pack = await boot(folder, options);
    });
    after(() => this.#pack?.close());
  }

  /** The pack, once the suite has begun. */
  get pack(): Analyzer {
    if (this.#pack === undefined) throw new Error("the pack is started before the first test: use it in a test");
    return this.#pack;
  }

  /** The pack's findings on a resource before it is made, by its inputs. */
  analyze = (resource: Resource): Promise<Diagnostic[]> => this.pack.analyze(resource);

  /** The pack's findings on a whole stack, by its outputs. */
  analyzeStack = (...stack: Resource[]): Promise<Diagnostic[]> => this.pack.analyzeStack(stack);

  /** Runs a test with the pack configured, and gives it its defaults again, however the test ends. */
  async configured(config: Record<string, PolicyConfiguration>, test: () => Promise<void>): Promise<void> {
    await this.pack.configure(config);
    try {
      await test();
    } finally {
      await this.pack.configure({});
    }
  }
}
