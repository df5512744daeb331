import type { Dependency } from "../../formats/rpm/index.ts";
import { type Capabilities, type Formula, wantedPackages } from "./formula.ts";
import { hintsForMissing } from "./hints.ts";
import { type Capability, leavesOf, parseCapability } from "./rich.ts";
import { type Origin, richOf, type Rules } from "./rules.ts";
import type { SolveProblem } from "./types.ts";
import { dependencyText } from "./weak.ts";

interface Wish {
  readonly text: string;
  readonly formula: Formula;
}

const mostLines = 40;

/**
 * Turns clauses that contradict each other into a story: from the requests down the requirements that no choice meets. Of several
 * versions that fail alike the newest is told, the others are counted. With a `subject` it is that package's
 * story instead of a request's, without hints.
 */
export function explain(
  context: Capabilities,
  rules: Rules,
  core: readonly Origin[],
  wishOf: (request: number) => Wish,
  subject?: number,
): SolveProblem {
  return new Story(context, rules, core, wishOf, subject === undefined).tell(subject);
}

class Story {
  readonly #context: Capabilities;
  readonly #rules: Rules;
  readonly #core: readonly Origin[];
  readonly #wishOf: (request: number) => Wish;
  readonly #withHints: boolean;
  readonly #about = new Map<number, Origin[]>();
  readonly #told = new Set<number>();
  readonly #chain: string[] = [];
  readonly #hints = new Set<string>();
  /** The last cause that was reached: what the message ends in. */
  #cause = "";

  constructor(
    context: Capabilities,
    rules: Rules,
    core: readonly Origin[],
    wishOf: (request: number) => Wish,
    withHints: boolean,
  ) {
    this.#withHints = withHints;
    this.#context = context;
    this.#rules = rules;
    this.#core = core;
    this.#wishOf = wishOf;
    for (const origin of core) {
      if (!("package" in origin)) continue;
      const list = this.#about.get(origin.package);
      if (list === undefined) this.#about.set(origin.package, [origin]);
      else list.push(origin);
    }
  }

  tell(subject: number | undefined): SolveProblem {
    if (subject !== undefined) this.#package(subject);
    const requests = [
      ...new Set(this.#core.flatMap((origin) => (origin.kind === "request" ? [origin.request] : []))),
    ].sort((a, b) => a - b);
    for (const request of requests) this.#request(this.#wishOf(request));
    for (const origin of this.#core) if (origin.kind === "same-name") this.#sameName(origin.name);
    const texts = requests.map((request) => this.#wishOf(request).text);
    const what = texts.length > 3 ? `${texts.slice(0, 3).join(", ")} and ${texts.length - 3} more` : texts.join(", ");
    const together = texts.length > 1 ? " together" : "";
    return {
      message: `cannot install ${what}${together}${this.#cause === "" ? "" : `: ${this.#cause}`}`,
      chain: this.#chain,
      hints: [...this.#hints],
    };
  }

  #name(index: number): string {
    const { pool } = this.#context;
    return `${pool.nevra(index)} (${pool.repository(index).id})`;
  }

  #say(line: string): void {
    if (this.#chain.length < mostLines && !this.#chain.includes(line)) this.#chain.push(line);
  }

  #hint(capability: Capability, by: number | undefined): void {
    if (!this.#withHints) return;
    for (const hint of hintsForMissing(capability, by, this.#context)) this.#hints.add(hint);
  }

  #request(wish: Wish): void {
    this.#say(`${wish.text} is requested`);
    const candidates = candidatesOf(wish.formula);
    if (candidates.length === 0) {
      this.#cause = `nobody provides ${wish.text}`;
      this.#say(this.#cause);
      const parsed = parseCapability(wish.text);
      for (const capability of parsed === undefined ? [] : leavesOf(parsed)) {
        if (this.#context.pool.providers(capability).length > 0) continue;
        this.#hint(capability, undefined);
      }
    } else this.#candidates(candidates);
  }

  #candidates(candidates: readonly number[]): void {
    const concerned = candidates.filter((index) => this.#about.has(index));
    const [first] = concerned;
    if (first === undefined || this.#chain.length >= mostLines) return;
    this.#package(first);
    const others = concerned.length - 1;
    if (others > 0) this.#say(`${others} other candidate${others > 1 ? "s" : ""} for it cannot be installed either`);
  }

  #package(index: number): void {
    if (this.#told.has(index)) return;
    this.#told.add(index);
    const origins = [...(this.#about.get(index) ?? [])].sort((a, b) => this.#weight(a) - this.#weight(b));
    for (const origin of origins) {
      switch (origin.kind) {
        case "excluded":
          this.#cause = `${this.#name(index)} is excluded`;
          this.#say(this.#cause);
          this.#hints.add(`do not exclude ${this.#context.pool.package(index).name}`);
          break;
        case "requires":
          this.#requires(index, origin.dependency);
          break;
        case "conflicts":
        case "obsoletes":
          this.#against(index, origin.kind, origin.dependency);
          break;
        default:
      }
      // A package that cannot be installed for a plain reason needs no second one.
      if (this.#weight(origin) === 0) return;
    }
  }

  #weight(origin: Origin): number {
    if (origin.kind === "excluded") return 0;
    if (origin.kind === "requires") {
      return candidatesOf(this.#rules.formula(origin.dependency)).length === 0 ? 0 : 2;
    }
    return 1;
  }

  #requires(index: number, dependency: Dependency): void {
    const text = dependencyText(dependency);
    const candidates = candidatesOf(this.#rules.formula(dependency));
    if (candidates.length > 0) {
      this.#say(`${this.#name(index)} requires ${text}`);
      this.#candidates(candidates);
      return;
    }
    const rich = richOf(dependency);
    if (rich === undefined) {
      this.#cause = `${this.#name(index)} requires ${text}, which is malformed`;
      this.#say(this.#cause);
      return;
    }
    const missing = leavesOf(rich).filter((capability) => this.#context.pool.providers(capability).length === 0);
    this.#cause = `nobody provides ${text}, which ${this.#name(index)} requires`;
    this.#say(this.#cause);
    for (const capability of missing) {
      this.#hint(capability, index);
    }
  }

  #against(index: number, kind: "conflicts" | "obsoletes", dependency: Dependency): void {
    const { pool } = this.#context;
    const all =
      kind === "obsoletes" ? pool.named(dependency) : dependency.name.startsWith("(") ? [] : pool.providers(dependency);
    const other = all.find((candidate) => candidate !== index && this.#about.has(candidate)) ?? all[0];
    const verb = kind === "conflicts" ? "conflicts with" : "obsoletes";
    const who = other === undefined || other === index ? "" : `: ${this.#name(other)}`;
    this.#cause = `${this.#name(index)} ${verb} ${dependencyText(dependency)}${who}`;
    this.#say(this.#cause);
  }

  #sameName(name: string): void {
    const { pool } = this.#context;
    const versions = (pool.byName.get(name) ?? []).filter((index) => this.#wanted(index));
    if (versions.length < 2) return;
    const list = versions.slice(0, 4).map((index) => this.#name(index));
    const line = `only one version of ${name} can be installed: ${list.join(" or ")}`;
    this.#say(line);
    this.#cause = line;
  }

  /** Whether some clause of the story asks for the package. */
  #wanted(index: number): boolean {
    return this.#core.some((origin) => {
      if (origin.kind === "requires") return candidatesOf(this.#rules.formula(origin.dependency)).includes(index);
      return origin.kind === "request" && candidatesOf(this.#wishOf(origin.request).formula).includes(index);
    });
  }
}

function candidatesOf(formula: Formula): number[] {
  const found: number[] = [];
  wantedPackages(formula, (index) => found.push(index));
  return found;
}
