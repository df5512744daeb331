import { type Pool, systemPackage } from "../../pool/index.ts";
import type { RuleInfo, SolverProblem, SolverResult } from "../jobs.ts";
import { tellingRule } from "./problem-rules.ts";

/** The sentence that package managers of this family say about a problem: what its most telling rule means. */
export function problemSentence(result: SolverResult, problem: SolverProblem): string {
  const [info] = result.rules.infos(tellingRule(result, problem));
  return info === undefined ? "some dependency problem" : ruleSentence(result.pool, info);
}

/** What a rule says, in the words of libsolv and dnf. */
function ruleSentence(pool: Pool, { type, from, to, dependency }: RuleInfo): string {
  const source = plainPackage(pool, from);
  const target = plainPackage(pool, to);
  const what = pool.columns.dependencyText(dependency);
  switch (type) {
    case "distupgrade":
      return `${source} does not belong to a distupgrade repository`;
    case "infarch":
      return `${source} has inferior architecture`;
    case "update":
    case "feature":
      return `problem with installed package ${source}`;
    case "job":
      return "conflicting requests";
    case "job-unsupported":
      return "unsupported request";
    case "job-nothing-provides":
      return `nothing provides requested ${what}`;
    case "job-unknown-package":
      return `package ${what} does not exist`;
    case "job-provided-by-system":
      return `${what} is provided by the system`;
    case "best":
      return from > 0
        ? `cannot install the best update candidate for package ${source}`
        : "cannot install the best candidate for the job";
    case "not-installable":
      if (!pool.isConsidered(from)) return `package ${source} is disabled`;
      if (!pool.isSource(from) && pool.columns.arch[from] !== 0 && pool.archScore(from) === 0)
        return `package ${source} does not have a compatible architecture`;
      return `package ${source} is not installable`;
    case "nothing-provides":
      return `nothing provides ${what} needed by ${source}`;
    case "same-name":
      return `cannot install both ${source} and ${target}`;
    case "conflicts":
      return `package ${source} conflicts with ${what}${to === 0 ? "" : ` provided by ${target}`}`;
    case "obsoletes":
      return `package ${source} obsoletes ${what} provided by ${target}`;
    case "installed-obsoletes":
      return `installed package ${source} obsoletes ${what} provided by ${target}`;
    case "implicit-obsoletes":
      return `package ${source} implicitly obsoletes ${what} provided by ${target}`;
    case "requires":
      return `package ${source} requires ${what}, but none of the providers can be installed`;
    case "recommends":
      return `package ${source} recommends ${what}, but none of the providers can be installed`;
    case "self-conflict":
      return `package ${source} conflicts with ${what} provided by itself`;
    case "yumobs":
      return `both package ${source} and ${target} obsolete ${what}`;
    case "black":
      return `package ${source} can only be installed by a direct request`;
    case "strictrepopriority":
      return `package ${source} is excluded by strict repo priority`;
    case "choice":
    case "learnt":
      return "some dependency problem";
  }
}

/** `name-evr.arch` as the metadata has it. */
function plainPackage(pool: Pool, pkg: number): string {
  if (pkg === 0) return "";
  if (pkg === systemPackage) return "system:system.noarch";
  const { strings, name, evr, arch } = pool.columns;
  const suffix = strings.text(arch[pkg] as number);
  return `${strings.text(name[pkg] as number)}-${strings.text(evr[pkg] as number)}${suffix === "" ? "" : `.${suffix}`}`;
}
