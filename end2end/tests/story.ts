// What every story stands on: pages whose console is watched. Any error or panic in the browser fails the test.
import { test as base, expect, type BrowserContext, type Page } from "@playwright/test";

/** Collects what goes wrong in every page of `context`, those opened later too. */
export function watch(context: BrowserContext): string[] {
  const errors: string[] = [];
  const follow = (page: Page) => {
    page.on("console", (message) => {
      if (message.type() === "error") errors.push(`${page.url()}: ${message.text()}`);
    });
    page.on("pageerror", (error) => errors.push(`${page.url()}: ${error.message}`));
  };
  context.pages().forEach(follow);
  context.on("page", follow);
  return errors;
}

/** Waits until the page's script has taken over. */
export async function hydrated(page: Page) {
  await page.waitForLoadState("networkidle");
}

export const test = base.extend<{ errors: string[] }>({
  errors: [
    async ({ context }, use) => {
      const errors = watch(context);
      await use(errors);
      expect(errors, "nothing went wrong in the browser").toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };
