import { z } from 'zod';

/** Of an operation that takes no parameters. */
export const NoQuery = z.strictObject({});
