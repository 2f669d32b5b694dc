import { z } from 'zod';

/**
 * No control character but tab and line breaks, nothing that turns the direction of what follows, no half of a character:
 * others are shown it in terminals, chats and mails.
 */
const showable = /^(?:[^\p{Cc}\p{Cs}\u202A-\u202E\u2066-\u2069]|[\t\n\r])*$/u;

/** What a person wrote, for others to read. What is wrong with it is said without repeating it. */
export function written() {
  return z.string().regex(showable, {
    error: 'holds a character that cannot be shown: a control character, a change of direction or half a character',
  });
}
