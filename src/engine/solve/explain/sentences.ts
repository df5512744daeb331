import type { DependencyId } from "../../../formats/rpmmd/index.ts";
import type { ExplainContext } from "./context.ts";
import type { ProofClause } from "./proof.ts";
import { instead, leavesOfDependency, packageText, repositoryText } from "./words.ts";

/** Clauses in words. */
export class Sentences {
  readonly #context: ExplainContext;

  constructor(context: ExplainContext) {
    this.#context = context;
  }

  request(clause: ProofClause): { job: number; text: string } {
    const job = this.#context.jobOf(clause.rule);
    const action = this.#context.jobs[job]?.action ?? "install";
    const request = job < 0 ? "" : this.#context.requestOf(job);
    switch (action) {
      case "erase":
        return { job, text: `${request} is to be removed` };
      case "lock":
        return { job, text: `${request} is to stay as it is` };
      case "update":
      case "distupgrade":
        return { job, text: `${request} is to be updated` };
      default:
        return { job, text: `${request} is requested${clause.kind === "best" ? ", the best candidate of it" : ""}` };
    }
  }

  /** Whether a clause says what is asked for. */
  isRequest(clause: ProofClause): boolean {
    return clause.kind === "job" || (clause.kind === "best" && this.#context.jobOf(clause.rule) >= 0);
  }

  /** A clause as a sentence of its own. */
  clause(clause: ProofClause): string {
    const { pool } = this.#context;
    const { info } = clause;
    if (this.isRequest(clause)) return this.request(clause).text;
    const from = info.from === 0 ? "" : packageText(pool, info.from);
    if (info.type === "requires" || info.type === "nothing-provides")
      return `${from} requires ${this.dependency(info.dependency)}${info.type === "requires" ? "" : `, ${this.nobody(info.dependency)}`}`;
    if (info.to !== 0 && info.from !== 0) return this.against(clause, from, true, info.to);
    return `${from} ${this.verb(clause)}`.trim();
  }

  /** `subject` is the side that says so where `own`, else the other one; `many` where it stands for several packages. */
  against({ info }: ProofClause, subject: string, own: boolean, other: number, many = false): string {
    const { pool } = this.#context;
    const they = packageText(pool, other);
    const need = info.dependency === 0 ? "" : this.dependency(info.dependency);
    switch (info.type) {
      case "same-name":
        return `${subject} cannot stand beside ${they}: one version of a name at a time`;
      case "conflicts":
        return own
          ? `${subject} ${many ? "conflict" : "conflicts"} with ${need}: ${they}`
          : `${subject} ${many ? "meet" : "meets"} ${need}, which ${they} conflicts with`;
      case "obsoletes":
      case "implicit-obsoletes":
      case "installed-obsoletes":
        return own
          ? `${subject} ${many ? "obsolete" : "obsoletes"} ${need}: ${they}`
          : `${subject} ${many ? "are" : "is"} obsoleted by ${they}: ${need}`;
      default:
        return `${subject} cannot stand beside ${they}`;
    }
  }

  verb({ info, kind }: ProofClause): string {
    switch (info.type) {
      case "self-conflict":
        return `conflicts with itself: ${this.dependency(info.dependency)}`;
      case "not-installable":
        return this.notInstallable(info.from);
      case "update":
      case "feature":
      case "distupgrade":
        return "is installed and may only be kept or replaced";
      case "best":
        return "is not the best candidate, and only that is wanted";
      case "infarch":
        return "is of a lesser architecture than another of its name";
      case "strictrepopriority":
        return "is in a repository of lower priority than another of its name";
      case "black":
        return "is on the list of what must not be installed";
      default:
        return kind === "package" ? "cannot be installed" : `is refused (${kind})`;
    }
  }

  notInstallable(pkg: number): string {
    const { pool } = this.#context;
    if (!pool.isConsidered(pkg)) return this.#context.whyNotConsidered?.(pkg) ?? "is excluded";
    if (pool.isSource(pkg)) return "is a source package";
    if (pool.archScore(pkg) === 0) return `does not run on ${pool.archs?.[0] ?? "this architecture"}`;
    return "cannot be installed";
  }

  dependency(id: DependencyId): string {
    const text = this.#context.pool.columns.dependencyText(id);
    return text.length > 200 ? `${text.slice(0, 200)}…` : text;
  }

  /** A dependency of one of several builds: they rarely ask for the same version. */
  exact(pkg: number, id: DependencyId, various: boolean): string {
    const { columns } = this.#context.pool;
    const own = columns.strings.text(columns.evr[pkg] as number);
    const text = this.dependency(id);
    const name = text.slice(0, -own.length - 1);
    if (text.endsWith(` = ${own}`)) return `${name.slice(0, -2)} of exactly their own version (${own})`;
    if (text.endsWith(` >= ${own}`)) return `${name.slice(0, -3)} of at least their own version (${own})`;
    return various ? `${text} or the like` : text;
  }

  /** That nobody provides it, and what there is instead. */
  nobody(id: DependencyId): string {
    const { pool } = this.#context;
    const wanted = leavesOfDependency(pool, id).filter((leaf) => pool.providersOf(leaf).length === 0);
    const [leaf] = wanted;
    const found = leaf === undefined ? undefined : instead(pool, leaf);
    if (found === undefined) return "which nothing provides";
    const date = this.#context.dateOf?.(pool.columns.repository[found.pkg] as number);
    const where = `${repositoryText(pool, found.pkg)}${date === undefined ? "" : ` of ${date}`}`;
    return `but ${where} has ${found.evr === "" ? pool.nevra(found.pkg) : found.evr}`;
  }
}
