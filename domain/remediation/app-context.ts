import type { RuleContext } from '../rules/rule.ts';

/** The account whose app it is, and the directory that the app is looked up in. */
export type AppContext = Pick<RuleContext, 'account' | 'directory'>;
