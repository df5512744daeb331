import type { Severity } from "../../core/index.ts";

export interface ImageRuleInfo {
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  readonly explanation: string;
  readonly remedy: string;
}

/** The rules of building an image, for reports and for the generated reference. */
export const imageRules = {
  IMAGE001: {
    id: "IMAGE001",
    title: "Scriptlet failed",
    severity: "medium",
    explanation:
      "A scriptlet that runs after a package's files are in place failed. rpm goes on after that, so what it should have done is missing.",
    remedy: "Mend the scriptlet.",
  },
  IMAGE002: {
    id: "IMAGE002",
    title: "Owner without an account",
    severity: "high",
    explanation:
      "Files belong to a user or group that the image does not have. They belong to root in the image, as rpm would have it.",
    remedy: "Declare the account in a sysusers.d file of the package that owns the files.",
  },
} as const satisfies Readonly<Record<string, ImageRuleInfo>>;
