// Reading a script: by keys, links and fingers, for who listens, and what its owner learns of it.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "@playwright/test";
import { DEMO_PASSWORD, expect, test, type Person } from "./story";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const PITCH = "/pitch/low-water";

/** The demo's investor, who has signed, on the pitch's page; says where its script is read. */
async function script(reader: Person): Promise<string> {
  await reader.signIn("sarah.investor@demo.test", DEMO_PASSWORD);
  await reader.open(PITCH);
  return (await reader.page.locator('main a[href^="/read/"]').first().getAttribute("href"))!;
}

/** Waits until this page is in front of the reader. */
async function shows(page: Page, number: number) {
  const picture = page.locator(`img[src*="/page/${number}?"]:not([hidden])`);
  await expect(picture).toBeVisible();
  await expect.poll(() => picture.evaluate((img: HTMLImageElement) => img.complete && img.naturalWidth)).toBeGreaterThan(300);
}

/** What the owner sees of the newest visit: seconds by page. */
async function seenBy(owner: Person, address: string): Promise<Record<string, number>> {
  await owner.page.goto(address);
  const visit = owner.page.locator("#readers li.reading-visit").first();
  await expect(visit).toContainText("Sarah Lindqvist");
  const rows = await visit.locator(".reading-pages li").allTextContents();
  return Object.fromEntries(rows.map((row) => row.match(/Page (\d+): (\d+) s/)!.slice(1)).map(([page, s]) => [page, Number(s)]));
}

/** The tab goes out of sight, or comes back, as a browser tells its page. */
async function hide(page: Page, hidden: boolean) {
  await page.evaluate((hidden) => {
    Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
    Object.defineProperty(document, "visibilityState", { configurable: true, get: () => (hidden ? "hidden" : "visible") });
    document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
  }, hidden);
}

test("the owner sees the seconds on each page, without those when the tab was hidden", async ({ somebody }) => {
  const [reader, owner] = [await somebody("Sarah"), await somebody("Alex")];
  const read = await script(reader);
  await owner.signIn("alex.creator@demo.test", DEMO_PASSWORD);
  await owner.open("/creator/pitches");
  const address = (await owner.page.locator('main a[href^="/creator/pitches/"]').filter({ hasText: "Low Water" }).first().getAttribute("href"))!;

  await reader.open(`${read}?page=1`);
  await shows(reader.page, 1);
  const began = Date.now();
  const until = (seconds: number) => reader.page.waitForTimeout(began + seconds * 1_000 - Date.now());
  await until(4);
  await reader.page.keyboard.press("ArrowRight");
  await shows(reader.page, 2);
  await until(8);
  await hide(reader.page, true);
  await until(13);
  await hide(reader.page, false);
  await until(18);
  await reader.page.keyboard.press("ArrowRight");
  await shows(reader.page, 3);
  await until(20);
  await reader.page.goto(PITCH);
  const left = Date.now();
  const seen = await seenBy(owner, address);
  expect(Date.now() - left, "within two seconds").toBeLessThan(2_000);
  for (const [page, seconds] of [[1, 4], [2, 9], [3, 2]]) {
    expect(Math.abs(seen[page] - seconds), `page ${page}: ${seen[page]} s instead of ${seconds}`).toBeLessThanOrEqual(1);
  }
});

test("a script is read by keys, in any size, and says its words", async ({ somebody }) => {
  const reader = await somebody("Sarah");
  const read = await script(reader);
  const { page } = reader;
  await reader.open(read);
  await expect(page.getByText("your name, when, which pages and for how long")).toBeVisible();
  await reader.link(/Start reading|Start again/).click();
  await shows(page, 1);
  await expect(page.getByText("An extract from the first act")).toBeAttached();
  for (const [key, number] of [["PageDown", 2], ["End", 13], ["ArrowLeft", 12], ["Home", 1]] as const) {
    await page.keyboard.press(key);
    await page.waitForURL(`**${read}?page=${number}`);
    await shows(page, number);
  }
  await expect(page.getByRole("status").filter({ hasText: "Page 1 of 13" })).toBeAttached();
  const width = () => page.locator("img.reader-page:not([hidden])").evaluate((img) => img.getBoundingClientRect().width);
  const fits = await width();
  for (let times = 0; times < 3; times++) await page.keyboard.press("+");
  expect(await width()).toBeGreaterThan(fits * 1.5);
  await reader.field("Page").fill("7");
  await page.keyboard.press("Enter");
  await page.waitForURL(`**${read}?page=7`);
  await shows(page, 7);
  await page.evaluate(axe);
  const barriers = await page.evaluate(async () => {
    const { violations } = await (window as unknown as { axe: { run(): Promise<{ violations: { id: string; impact: string }[] }> } }).axe.run();
    return violations.filter(({ impact }) => ["serious", "critical"].includes(impact)).map(({ id }) => id);
  });
  expect(barriers).toEqual([]);
  await page.goBack();
  await expect(page).toHaveURL(new RegExp(`${read}$`));
});

test("on a phone a finger turns the page", async ({ somebody }) => {
  const reader = await somebody("Sarah", { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  const read = await script(reader);
  await reader.open(`${read}?page=1`);
  await shows(reader.page, 1);
  const across = await reader.page.locator("img.reader-page:not([hidden])").evaluate((img) => img.getBoundingClientRect().width);
  expect(across).toBe(390);
  const finger = await reader.page.context().newCDPSession(reader.page);
  for (const [type, x] of [["touchStart", 320], ["touchMove", 200], ["touchMove", 90], ["touchEnd", 0]] as const) {
    await finger.send("Input.dispatchTouchEvent", { type, touchPoints: type === "touchEnd" ? [] : [{ x, y: 500 }] });
  }
  await reader.page.waitForURL(`**${read}?page=2`);
  await shows(reader.page, 2);
});

test("without a script the pages are links", async ({ somebody }) => {
  const reader = await somebody("Sarah", { javaScriptEnabled: false });
  const read = await script(reader);
  await reader.open(`${read}?page=12`);
  await reader.link("Next page").click();
  await expect(reader.page).toHaveURL(new RegExp(`${read}\\?page=13$`));
  const picture = reader.page.locator('img[src*="/page/13?"]');
  await expect(picture).toBeVisible();
  await reader.field("Page").fill("3");
  await reader.field("Page").press("Enter");
  await expect(reader.page).toHaveURL(new RegExp(`${read}\\?page=3$`));
});
