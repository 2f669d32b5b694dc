import { z } from 'zod';
import { severities } from '../../domain/model/verdict.ts';

export const Severity = z.enum(severities);
