// What every story stands on: people in browsers of their own whose consoles are watched, the mail they get, and what
// staff do by command. Any error or panic in a browser fails the test.
import { execFileSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { test as base, expect, type BrowserContext, type BrowserContextOptions, type Page } from "@playwright/test";

const here = dirname(fileURLToPath(import.meta.url));

/** The password of everyone who registers in a test, and of the demo people. */
export const PASSWORD = "a lamp in the tower";
export const DEMO_PASSWORD = "Demo-pitchey-1";

/** Collects what goes wrong in every page of `context`, those opened later too. */
export function watch(context: BrowserContext, who = ""): string[] {
  const errors: string[] = [];
  const follow = (page: Page) => {
    page.on("console", (message) => {
      if (message.type() === "error") errors.push(`${who} ${page.url()}: ${message.text()}`);
    });
    page.on("pageerror", (error) => errors.push(`${who} ${page.url()}: ${error.message}`));
  };
  context.pages().forEach(follow);
  context.on("page", follow);
  return errors;
}

/** Waits until the page's script has taken over: the theme switch shows itself only then. */
export async function hydrated(page: Page) {
  await page.locator(".theme:not([hidden])").first().waitFor({ state: "attached" });
  await page.waitForLoadState("networkidle");
}

/** Somebody at their own browser. */
export class Person {
  constructor(
    readonly name: string,
    readonly page: Page,
    readonly errors: string[],
    readonly javascript: boolean,
  ) {
    this.email = `${name.toLowerCase().replace(/\W+/g, ".")}.${Date.now().toString(36)}@story.test`;
  }

  /** No two runs share an address. */
  readonly email: string;

  /** Opens a page and waits until it works as it will. */
  async open(path: string) {
    const answer = await this.page.goto(path);
    expect(answer?.status(), `${this.name} opens ${path}`).toBe(200);
    await this.settled();
  }

  async settled() {
    if (this.javascript) await hydrated(this.page);
    else await this.page.waitForLoadState("load");
  }

  /** Says that this page has just been refused one thing, as it had to be: its browser complains of it. */
  async refused(path: string) {
    const complaint = (error: string) => error.includes(`${path}: Failed to load resource`) && error.includes("404");
    await expect.poll(() => this.errors.filter(complaint).length, `${this.name} is refused at ${path}`).toBe(1);
    this.errors.splice(this.errors.findIndex(complaint), 1);
  }

  button(name: string) {
    return this.page.getByRole("button", { name, exact: true });
  }

  field(label: string) {
    return this.page.getByLabel(label, { exact: true });
  }

  link(name: string | RegExp) {
    return this.page.getByRole("link", { name });
  }

  heading(name: string | RegExp) {
    return this.page.getByRole("heading", { name });
  }

  /** The status that an address answers with to this person's script. */
  async status(path: string) {
    return (await this.page.request.get(path, { maxRedirects: 0, headers: { accept: "text/html" } })).status();
  }

  async signIn(email: string, password: string) {
    await this.open("/login");
    await this.field("Email").fill(email);
    await this.field("Password").fill(password);
    await this.button("Sign in").click();
    await this.page.waitForURL((url) => url.pathname !== "/login" && !url.pathname.startsWith("/api"));
    await this.settled();
  }

  /** Registers, follows the link in the mail, signs in: the whole way to the dashboard. */
  async register(kind: "Creator" | "Investor" | "Production", company?: string) {
    await this.open("/register");
    const type = this.page.getByRole("group", { name: "Account type" });
    const radio = type.getByRole("radio", { name: kind, exact: true });
    await type.locator(`label[for="${await radio.getAttribute("id")}"]`).click(); // the label lies over the dot
    await expect(radio).toBeChecked();
    await this.field("Full name").fill(this.name);
    if (company) await this.field("Company").fill(company);
    await this.field("Email").fill(this.email);
    await this.field("Password").fill(PASSWORD);
    await this.page.getByRole("checkbox", { name: "I agree to the terms" }).check();
    await this.button("Create account").click();
    await this.page.waitForURL("**/verify-email*");

    const link = await this.mailedLink(/\/verify-email\?token=[^\s"<]+/);
    await this.open(link);
    await this.button("Verify email").click();
    await this.page.waitForURL("**/login?verified=true");
    await this.signIn(this.email, PASSWORD);
    expect(new URL(this.page.url()).pathname).toBe(`/${kind.toLowerCase()}`);
  }

  /** The first link of this form in the newest letters to this person. */
  async mailedLink(form: RegExp): Promise<string> {
    let link: string | undefined;
    await expect
      .poll(async () => {
        const list = await (await this.page.request.get(`/dev/mail?to=${encodeURIComponent(this.email)}`)).text();
        for (const [letter] of list.matchAll(/\/dev\/mail\/[0-9a-f-]{36}/g)) {
          const body = await (await this.page.request.get(letter)).text();
          link = body.match(form)?.[0].replace(/&amp;/g, "&");
          if (link) return true;
        }
        return false;
      }, { message: `a letter to ${this.email}`, timeout: 20_000 })
      .toBe(true);
    return link!;
  }
}

/** What staff do by command, beside the running server. */
export function pitchey(...words: string[]): string {
  const program = process.env.PITCHEY ?? join(here, "../../bin/pitchey");
  return execFileSync(program, words, { cwd: process.env.PITCHEY_FOLDER ?? join(here, "../.."), encoding: "utf8" });
}

type Somebody = (name: string, options?: BrowserContextOptions) => Promise<Person>;

export const test = base.extend<{ errors: string[]; somebody: Somebody }>({
  errors: [
    async ({ context }, use) => {
      const errors = watch(context);
      await use(errors);
      expect(errors, "nothing went wrong in the browser").toEqual([]);
    },
    { auto: true },
  ],

  /** Brings in another person with a browser of their own. */
  somebody: async ({ browser }, use, info) => {
    const people: Person[] = [];
    await use(async (name, options = {}) => {
      const { launchOptions: _, trace: __, screenshot: ___, ...usual } = info.project.use as Record<string, unknown>;
      const context = await browser.newContext({ ...usual, ...options });
      const errors = watch(context, name);
      const person = new Person(name, await context.newPage(), errors, options.javaScriptEnabled !== false);
      people.push(person);
      return person;
    });
    const errors = people.flatMap((person) => person.errors);
    for (const person of people) await person.page.context().close();
    expect(errors, "nothing went wrong in anybody's browser").toEqual([]);
  },
});

export { expect };
