import type { Outcome, Severity } from '../../model/verdict.ts';

/** What a rule's page tells beyond what the rule itself says. Texts are Markdown without headings, a paragraph each. */
export interface RulePage {
  /** The rule's id. */
  readonly rule: string;
  /** Follows the rule's own `why`; empty where that says all. */
  readonly why: string;
  readonly affected: string;
  /** How it is read: from what, compared how. The collections and thresholds are listed from the rule itself. */
  readonly reading: string;
  /** Every outcome there is but unknown, the usual one first. */
  readonly outcomes: readonly PageOutcome[];
  readonly unknown: string;
  readonly fix: {
    /** Who may do it and what to know before; empty for nothing. */
    readonly before: string;
    readonly portal: string;
    readonly azureCli: string;
    readonly powerShell: string;
    readonly graph: string;
    /** What to check after; empty for nothing. */
    readonly after: string;
  };
  readonly undo: string;
  readonly sources: readonly PageSource[];
}

export interface PageOutcome {
  /** What is there. */
  readonly when: string;
  readonly outcome: Exclude<Outcome, 'unknown'>;
  /** null for pass and not-applicable. */
  readonly severity: Severity | null;
}

export interface PageSource {
  readonly title: string;
  /** https, a page of public documentation. */
  readonly url: string;
}
