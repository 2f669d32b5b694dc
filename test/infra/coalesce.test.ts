import { describe, expect, it } from 'vitest';
import { coalesce } from '../../infra/coalesce.ts';

/** A reading that ends when it is told to; `begun` counts how many began. */
function readings() {
  const ends: PromiseWithResolvers<string>[] = [];
  const read = coalesce(() => {
    const end = Promise.withResolvers<string>();
    ends.push(end);
    return end.promise;
  });
  return {
    read,
    begun: () => ends.length,
    end: (number: number) => ends[number]?.resolve(`reading ${String(number)}`),
    fail: (number: number) => ends[number]?.reject(new Error(`reading ${String(number)} failed`)),
  };
}

describe('Coalesced readings', () => {
  it('give the one who asks alone a reading at once', async () => {
    const { read, begun, end } = readings();
    const first = read();
    expect(begun()).toBe(1);
    end(0);

    expect(await first).toBe('reading 0');
  });

  it('give those who come during a reading the next one, and all of them the same', async () => {
    const { read, begun, end } = readings();
    const first = read();
    const late = [read(), read(), read()];
    expect(begun()).toBe(1);
    end(0);
    expect(await first).toBe('reading 0');
    expect(begun()).toBe(2);
    end(1);

    expect(await Promise.all(late)).toEqual(['reading 1', 'reading 1', 'reading 1']);
  });

  it('give who comes during the next one the one after it', async () => {
    const { read, begun, end } = readings();
    const first = read();
    const second = read();
    end(0);
    await first;
    const third = read();
    end(1);
    await second;
    expect(begun()).toBe(3);
    end(2);

    expect(await third).toBe('reading 2');
  });

  it('read anew for who comes when all is over', async () => {
    const { read, end } = readings();
    const first = read();
    end(0);
    await first;
    const second = read();
    end(1);

    expect(await second).toBe('reading 1');
  });

  it('tell a failure to who asked for that reading, and to nobody else', async () => {
    const { read, end, fail } = readings();
    const first = read();
    const second = read();
    fail(0);
    await expect(first).rejects.toThrow('reading 0 failed');
    end(1);

    expect(await second).toBe('reading 1');
  });

  it('read anew after a failure', async () => {
    const { read, end, fail } = readings();
    const first = read();
    fail(0);
    await expect(first).rejects.toThrow('reading 0 failed');
    const second = read();
    end(1);

    expect(await second).toBe('reading 1');
  });
});
