// The server, then Postgres, are killed in the middle of saving: what was answered "saved" is there afterwards, what was
// typed meanwhile is saved as soon as they are back, and the page does that by itself. On a server of its own.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test, type Person } from "./story";

const ROOT = process.env.PITCHEY_FOLDER ?? join(import.meta.dirname, "../..");
const TARGET = process.env.CARGO_TARGET_DIR ?? join(ROOT, "target");
const PROGRAM = process.env.PITCHEY ?? join(TARGET, "debug/pitchey");

/** A server that can be killed and started again in its own folder, with its own Postgres. */
class Server {
  private constructor(readonly folder: string, readonly port: number) {}
  private process?: ChildProcess;

  static async start() {
    const folder = mkdtempSync(join(tmpdir(), "pitchey-crash-"));
    chmodSync(folder, 0o711); // Postgres's own account must be able to enter
    cpSync(join(ROOT, "Leptos.toml"), join(folder, "Leptos.toml"));
    cpSync(join(ROOT, "target/site"), join(folder, "target/site"), { recursive: true });
    const port = await new Promise<number>((resolve) => {
      const probe = createServer().listen(0, "127.0.0.1", () => {
        const { port } = probe.address() as { port: number };
        probe.close(() => resolve(port));
      });
    });
    const server = new Server(folder, port);
    await server.up();
    return server;
  }

  get url() {
    return `http://127.0.0.1:${this.port}`;
  }

  private get environment() {
    const { DATABASE_URL: _, DATA_DIR: __, ...rest } = process.env;
    return { ...rest, LEPTOS_SITE_ADDR: `127.0.0.1:${this.port}`, PUBLIC_URL: this.url };
  }

  async up() {
    this.process = spawn(PROGRAM, ["serve"], { cwd: this.folder, env: this.environment, stdio: "ignore" });
    await expect.poll(() => this.health(), { timeout: 60_000, message: "the server answers" }).toBe("connected");
  }

  async health(): Promise<string> {
    const answer = await fetch(`${this.url}/api/health`).then((r) => r.json(), () => null);
    return answer?.services.database ?? "no answer";
  }

  kill() {
    this.process?.kill("SIGKILL");
  }

  /** The number of Postgres's first process. */
  get postmaster(): number {
    const note = join(this.folder, ".data/where-postgres-is.txt");
    const home = existsSync(note) ? readFileSync(note, "utf8").trim().split("\n").at(-1)! : join(this.folder, ".data/postgres");
    return Number(readFileSync(join(home, "cluster/postmaster.pid"), "utf8").split("\n")[0]);
  }

  /** What the database holds of the only pitch. */
  saved(): string {
    const query = "select draft ->> 'long_synopsis' from pitches";
    const words = ["psql", "--no-psqlrc", "--tuples-only", "--no-align", "--command", query];
    return execFileSync(PROGRAM, words, { cwd: this.folder, env: this.environment, encoding: "utf8" }).trimEnd();
  }

  async down() {
    const ended = new Promise((resolve) => this.process?.once("exit", resolve));
    this.process?.kill("SIGINT");
    await ended;
    const note = join(this.folder, ".data/where-postgres-is.txt");
    if (existsSync(note)) rmSync(readFileSync(note, "utf8").trim().split("\n").at(-1)!, { recursive: true });
    rmSync(this.folder, { recursive: true });
  }
}

/** Types a numbered line into the long synopsis and says the number. */
async function types(writer: Person, count: number): Promise<number> {
  const field = writer.field("Long synopsis");
  await field.press("Control+End");
  await field.pressSequentially(`${count} went over the bridge.\n`);
  return count + 1;
}

/** The highest number in what was saved. */
const lines = (text: string) => Math.max(-1, ...[...text.matchAll(/^(\d+) went/gm)].map((match) => Number(match[1])));

const SAVED = /^Saved/;

test("what was answered as saved survives a kill, and the page recovers by itself", async ({ somebody }) => {
  test.setTimeout(240_000);
  const server = await Server.start();
  try {
    const writer = await somebody("Wanda Writer", { baseURL: server.url });
    const { page } = writer;
    await writer.register("Creator");
    await writer.open("/creator/pitches/new");
    await writer.field("Title").fill("The Bridge");
    await writer.button("Save draft").click();
    await page.waitForURL(/\/edit$/);
    await writer.settled();
    const state = page.locator(".editor-saved [role=status]");

    // What the server answered as saved, told by the answers themselves.
    let answered = -1;
    page.on("request", (request) => {
      if (!request.url().endsWith("/api/pitches/save")) return;
      const sent = lines(new URLSearchParams(request.postData() ?? "").get("long_synopsis") ?? "");
      void request.response().then((answer) => {
        if (answer?.ok()) answered = Math.max(answered, sent);
      }).catch(() => {});
    });

    let count = await types(writer, 0);
    await expect(state).toHaveText(SAVED);

    const victims: Array<[string, () => void, () => Promise<void>]> = [
      ["the server", () => server.kill(), () => server.up()],
      ["Postgres", () => process.kill(server.postmaster, "SIGKILL"), async () => {}],
      ["the server and Postgres", () => (process.kill(server.postmaster, "SIGKILL"), server.kill()), () => server.up()],
    ];
    for (const [who, kill, revive] of victims) {
      // The blow falls while a save is on its way.
      const sent = page.waitForRequest("**/api/pitches/save");
      count = await types(writer, count);
      await sent;
      kill();
      count = await types(writer, count);
      if (who !== "Postgres") {
        await expect(state, `${who} is gone`).toHaveText(/^Not saved: offline/);
      }
      await page.context().setOffline(true); // nothing mends it meanwhile
      await revive();
      await expect.poll(() => server.health(), { timeout: 60_000 }).toBe("connected");
      expect(lines(server.saved()), `${who} was killed: what was answered as saved`).toBeGreaterThanOrEqual(answered);
      await page.context().setOffline(false);
      await expect(state, `${who} is back`).toHaveText(SAVED, { timeout: 30_000 });
      expect(lines(server.saved()), `${who} was killed: all that was typed`).toBe(count - 1);
    }

    // Nothing but lost connections was noted in the console.
    const noted = writer.errors.splice(0).filter((error) => !/ERR_CONNECTION|ERR_INTERNET|ERR_EMPTY|ERR_SOCKET|status of 50[0-9]/.test(error));
    expect(noted).toEqual([]);
  } finally {
    await server.down();
  }
});

test("a save whose answer is lost is no conflict with the next one", async ({ somebody }) => {
  const alex = await somebody("Alex");
  const { page } = alex;
  await alex.signIn("alex.creator@demo.test", "Demo-pitchey-1");
  await alex.open("/creator/pitches/new");
  await alex.field("Title").fill(`Lost answers ${Date.now().toString(36)}`);
  await alex.button("Save draft").click();
  await page.waitForURL(/\/edit$/);
  await alex.settled();
  const state = page.locator(".editor-saved [role=status]");

  await page.route("**/api/pitches/save", async (route) => {
    await route.fetch();
    await route.abort();
  });
  await alex.field("Long synopsis").fill("It arrives, and nobody says so.");
  await expect(state).toHaveText(/^Not saved: offline/);
  await page.unroute("**/api/pitches/save");
  await alex.field("Long synopsis").fill("It arrives, nobody says so, and it goes on.");
  await expect(state).toHaveText(SAVED, { timeout: 15_000 });
  await page.reload();
  await expect(alex.field("Long synopsis")).toHaveValue("It arrives, nobody says so, and it goes on.");
  expect(alex.errors.splice(0).filter((error) => !error.includes("ERR_FAILED"))).toEqual([]);
});

test("what is typed just before following a link is saved on the way, or waits", async ({ somebody }) => {
  test.setTimeout(120_000);
  const alex = await somebody("Alex");
  const { page } = alex;
  await alex.signIn("alex.creator@demo.test", "Demo-pitchey-1");
  await alex.open("/creator/pitches/new");
  await alex.field("Title").fill(`In a hurry ${Date.now().toString(36)}`);
  await alex.button("Save draft").click();
  await page.waitForURL(/\/edit$/);
  await alex.settled();
  const editor = page.url();
  const leave = async () => {
    await page.getByRole("link", { name: "Dashboard" }).first().click();
    await page.waitForURL("**/creator");
  };

  await alex.field("Logline").fill("Typed, and gone the next moment.");
  await leave();
  await page.goto(editor);
  await expect(alex.field("Logline")).toHaveValue("Typed, and gone the next moment.");

  // A save is under way, more is typed, and the page is left before the answer.
  await alex.settled();
  await page.route("**/api/pitches/save", async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    await route.continue();
  });
  const first = page.waitForRequest("**/api/pitches/save");
  await alex.field("Logline").fill("Typed before.");
  await first;
  await alex.field("Logline").fill("Typed before, and after.");
  const second = page.waitForResponse((answer) => answer.url().endsWith("/api/pitches/save") && (answer.request().postData() ?? "").includes("after"));
  await leave();
  expect((await second).status()).toBe(200);
  await page.unroute("**/api/pitches/save");
  await page.goto(editor);
  await expect(alex.field("Logline")).toHaveValue("Typed before, and after.");

  // What the server does not take waits in this tab.
  await alex.settled();
  const before = alex.errors.length;
  const tooLong = Array(61).fill("word").join(" ");
  const refused = page.waitForResponse((answer) => answer.url().endsWith("/api/pitches/save") && answer.status() === 422);
  await alex.field("Logline").fill(tooLong);
  await leave();
  await refused;
  await page.goto(editor);
  await alex.settled();
  await expect(alex.field("Logline")).toHaveValue(tooLong);
  await expect(page.locator(".editor-saved [role=status]")).toHaveText(/please look at the marked fields/);
  expect(alex.errors.splice(before).filter((error) => !error.includes("status of 422"))).toEqual([]);
});
