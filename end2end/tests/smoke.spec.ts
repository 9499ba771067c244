import { test, expect, hydrated } from "./story";

test("the home page opens, comes alive and reports no error", async ({ page }) => {
  const answer = await page.goto("/");
  expect(answer?.status()).toBe(200);
  await expect(page.locator("h1")).toHaveCount(1);
  await hydrated(page);
  await expect(page.locator("h1")).toBeVisible();
});

test("the server says that it is well", async ({ request }) => {
  const answer = await request.get("/api/health");
  expect(answer.status()).toBe(200);
  const health = await answer.json();
  expect(Object.keys(health).sort()).toEqual(["services", "status", "timestamp"]);
  expect(health).toMatchObject({ status: "healthy", services: { database: "connected", storage: "available", auth: "ready" } });
});

test("what is dark in a light room stays readable", async ({ page }) => {
  await page.emulateMedia({ colorScheme: "light" });
  await page.goto("/");
  const colour = (selector: string) => page.locator(selector).first().evaluate((element) => getComputedStyle(element).color);
  expect(await colour(".screen h2")).not.toBe(await colour("footer"));
});
