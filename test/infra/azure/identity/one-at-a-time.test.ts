import { expect, it } from 'vitest';
import { oneAtATime } from '../../../../infra/azure/identity/one-at-a-time.ts';

it('credentials that ask a person take turns, one that failed included', async () => {
  const log: string[] = [];
  const asking = (name: string, fails: boolean) => ({
    async getToken() {
      log.push(`${name} asks`);
      await new Promise((resolve) => setTimeout(resolve, 5));
      log.push(`${name} is done`);
      if (fails) throw new Error('declined');
      return { token: name, expiresOnTimestamp: 0 };
    },
  });
  const inTurn = oneAtATime();
  const [first, second] = [inTurn(asking('first', true)), inTurn(asking('second', false))];

  const answers = await Promise.allSettled([first.getToken('s'), second.getToken('s')]);

  expect(log).toEqual(['first asks', 'first is done', 'second asks', 'second is done']);
  expect(answers.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
});
