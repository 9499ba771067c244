// Every page, at a phone's and a desk's width, the main ones also light: kept as a picture in shots/, without a sideways
// scroll, and with nothing serious for axe to say.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { DEMO_PASSWORD, expect, hydrated, test, type Person } from "./story";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const SHOTS = join(import.meta.dirname, "../shots");
const WIDTHS = [390, 1440];

interface Place {
  name: string;
  path: string;
  /** Also looked at in light. */
  main?: boolean;
}

/** What axe finds serious or critical, as sentences. */
async function found(person: Person): Promise<string[]> {
  await person.page.evaluate(axe);
  return person.page.evaluate(async () => {
    const { violations } = await (window as any).axe.run(document, { resultTypes: ["violations"] });
    return violations
      .filter((v: any) => ["serious", "critical"].includes(v.impact))
      .flatMap((v: any) => v.nodes.map((n: any) => `${v.id}: ${n.target.join(" ")} (${n.any.map((a: any) => a.message).join("; ").slice(0, 160)})`));
  });
}

async function look(person: Person, places: Place[]) {
  const { page } = person;
  await page.emulateMedia({ reducedMotion: "reduce" });
  for (const { name, path, main } of places) {
    for (const scheme of main ? (["dark", "light"] as const) : (["dark"] as const)) {
      await page.emulateMedia({ colorScheme: scheme });
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: width < 600 ? 844 : 900 });
        const reader = path.startsWith("/read/");
        if (reader || width === WIDTHS[0] || !page.url().endsWith(path)) {
          await page.goto(path);
          await hydrated(page);
        }
        // A picture of the whole page: what loads on scrolling is wanted now.
        await page.evaluate(() => [...document.images].forEach((picture) => Object.assign(picture, { loading: "eager", decoding: "sync" })));
        await page.waitForFunction(() => [...document.images].every((picture) => picture.complete && picture.naturalWidth > 0));
        await page.evaluate(() => Promise.all([...document.images].map((picture) => picture.decode().catch(() => {}))));
        // The browser's own PDF viewer does not say when it has drawn, and starts again when its window grows.
        if (reader) await page.waitForTimeout(2_000);
        const where = `${name} at ${width} px, ${scheme}`;
        await page.screenshot({ path: join(SHOTS, `${name}-${width}-${scheme}.png`), fullPage: !reader });
        expect.soft(await found(person), `${where}: axe`).toEqual([]);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        expect.soft(wide, `${where}: scrolls sideways`).toBeLessThanOrEqual(0);
      }
    }
  }
}

/** Where the first link in the main part leads whose address is of this form. */
async function linked(person: Person, from: string, form: RegExp): Promise<string> {
  await person.open(from);
  const hrefs = await person.page.locator("main a[href]").evaluateAll((links) => links.map((a) => a.getAttribute("href")!));
  const found = hrefs.find((href) => form.test(href));
  expect(found, `a link like ${form} on ${from}`).toBeTruthy();
  return found!;
}

const ID = "[0-9a-f-]{36}";

test.beforeEach(() => test.setTimeout(300_000));

test("public pages", async ({ somebody }) => {
  const guest = await somebody("Guest");
  await look(guest, [
    { name: "home", path: "/", main: true },
    { name: "browse", path: "/browse", main: true },
    { name: "browse-filtered", path: "/browse?genre=drama" },
    { name: "browse-empty", path: "/browse?q=nothing+is+called+this" },
    { name: "pitch-guest", path: "/pitch/low-water", main: true },
    { name: "person", path: await linked(guest, "/pitch/low-water", /^\/people\//) },
    { name: "how-it-works", path: "/how-it-works" },
    { name: "about", path: "/about" },
    { name: "contact", path: "/contact" },
    { name: "terms", path: "/terms" },
    { name: "privacy", path: "/privacy" },
    { name: "login", path: "/login", main: true },
    { name: "login-link", path: "/login/link" },
    { name: "login-link-token", path: "/login/link?token=0" },
    { name: "login-factor-late", path: "/login/factor" },
    { name: "login-keep-factors", path: "/login/keep-factors?token=0" },
    { name: "confirm-email", path: "/confirm-email?token=0" },
    { name: "keep-email", path: "/keep-email?token=0" },
    { name: "register", path: "/register", main: true },
    { name: "verify-email", path: "/verify-email" },
    { name: "verify-email-token", path: "/verify-email?token=0" },
    { name: "forgot-password", path: "/forgot-password" },
    { name: "reset-password", path: "/reset-password?token=0" },
  ]);
});

test("the page that is not there", async ({ somebody }) => {
  const guest = await somebody("Guest");
  await look(guest, [{ name: "not-found", path: "/nobody-wrote-this-page" }]);
  // The browser notes the 404 itself, once for each time it was opened.
  const rest = guest.errors.splice(0).filter((error) => !error.includes("status of 404"));
  expect(rest).toEqual([]);
});

test("the creator's pages", async ({ somebody }) => {
  const alex = await somebody("Alex");
  await alex.signIn("alex.creator@demo.test", DEMO_PASSWORD);
  const pitch = await linked(alex, "/pitch/low-water", new RegExp(`^/creator/pitches/${ID}$`));
  const thread = await linked(alex, "/messages", new RegExp(`^/messages/${ID}$`));
  await look(alex, [
    { name: "creator-home", path: "/creator", main: true },
    { name: "creator-pitches", path: "/creator/pitches" },
    { name: "creator-new", path: "/creator/pitches/new" },
    { name: "creator-overview", path: pitch },
    { name: "creator-edit", path: `${pitch}/edit`, main: true },
    { name: "creator-pitch", path: "/pitch/low-water" },
    { name: "creator-preview", path: "/pitch/low-water?as=guest" },
    { name: "creator-ndas", path: "/creator/ndas", main: true },
    { name: "creator-ndas-active", path: "/creator/ndas?tab=active" },
    { name: "creator-ndas-ended", path: "/creator/ndas?tab=ended" },
    { name: "creator-nda", path: await linked(alex, "/creator/ndas", new RegExp(`^/ndas/${ID}$`)) },
    { name: "messages", path: "/messages" },
    { name: "thread", path: thread, main: true },
    { name: "notifications", path: "/notifications" },
    { name: "profile", path: "/settings/profile" },
    { name: "security", path: "/settings/security", main: true },
  ]);
});

test("the investor's pages", async ({ somebody }) => {
  const sarah = await somebody("Sarah");
  await sarah.signIn("sarah.investor@demo.test", DEMO_PASSWORD);
  const toSign = await linked(sarah, "/investor", new RegExp(`^/ndas/${ID}$`));
  const signed = await linked(sarah, "/investor/ndas?tab=active", new RegExp(`^/ndas/${ID}$`));
  await look(sarah, [
    { name: "investor-home", path: "/investor", main: true },
    { name: "investor-ndas", path: "/investor/ndas" },
    { name: "investor-ndas-active", path: "/investor/ndas?tab=active" },
    { name: "pitch-to-ask", path: "/pitch/second-chair", main: true },
    { name: "pitch-waiting", path: "/pitch/the-swallow-who-stayed" },
    { name: "pitch-to-sign", path: "/pitch/eleven-minutes" },
    { name: "pitch-signed", path: "/pitch/low-water" },
    { name: "nda-to-sign", path: toSign, main: true },
    { name: "nda-signed", path: signed },
    { name: "reader", path: await linked(sarah, "/pitch/low-water", new RegExp(`^/read/${ID}$`)), main: true },
    { name: "investor-thread", path: await linked(sarah, "/messages", new RegExp(`^/messages/${ID}$`)) },
    { name: "investor-notifications", path: "/notifications" },
  ]);
});

test("the production company's pages", async ({ somebody }) => {
  const dana = await somebody("Dana");
  await dana.signIn("stellar.production@demo.test", DEMO_PASSWORD);
  await look(dana, [
    { name: "production-home", path: "/production", main: true },
    { name: "production-pitches", path: "/production/pitches" },
    { name: "production-new", path: "/production/pitches/new" },
    { name: "production-ndas-received", path: "/production/ndas" },
    { name: "production-ndas-sent", path: "/production/ndas?side=sent" },
    { name: "production-messages-empty", path: "/messages" },
  ]);
});
