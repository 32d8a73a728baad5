/** The system's Chromium, driven over its debugging protocol, and pages that it opens. */

import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { deadlineMs, within } from "../within.ts";
import { chromiumPath } from "./chromium.ts";

const flags = [
  ...["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
  ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
];

/** How to open a page, where the default is not right. */
export interface Looks {
  readonly width?: number;
  readonly height?: number;
  readonly theme?: "light" | "dark";
  readonly language?: "en" | "zh";
  /** What the browser keeps; a new one unless given. */
  readonly context?: BrowserContext;
}

/** A page and what it has complained of. */
export interface Opened {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Errors of scripts and of the console. */
  readonly complaints: string[];
  /** Every address that was asked for. */
  readonly requests: string[];
}

/** A running browser, which never outlives its test. */
export class Chromium implements AsyncDisposable {
  private constructor(private readonly browser: Browser) {}

  /** Starts a browser. */
  static async start(): Promise<Chromium> {
    const executablePath = chromiumPath();
    if (executablePath === null) throw new Error("There is no Chromium here");
    return new Chromium(
      await chromium.launch({ executablePath, args: flags, timeout: deadlineMs }),
    );
  }

  /** Opens a page. */
  async open(link: string, looks: Looks = {}): Promise<Opened> {
    const { width = 1_280, height = 800, theme = "light", language = "en" } = looks;
    const context = looks.context ?? await this.browser.newContext({
      viewport: { width, height },
      colorScheme: theme,
      locale: language === "zh" ? "zh-CN" : "en-GB",
    });
    context.setDefaultTimeout(deadlineMs);
    const page = await context.newPage();
    const complaints: string[] = [];
    const requests: string[] = [];
    page.on("pageerror", (error) => complaints.push(`${error}`));
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) complaints.push(message.text());
    });
    page.on("request", (request) => requests.push(request.url()));
    page.on("websocket", (socket) => requests.push(socket.url()));
    await page.goto(link);
    return { page, context, complaints, requests };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.browser.close();
  }
}

/** Writes into the field and sends. */
export async function say(page: Page, text: string): Promise<void> {
  await page.locator(".composer textarea").fill(text);
  await page.keyboard.press("Enter");
}

/** Resolves when a text stands among the messages, and is not on its way to the disk any more. */
export async function reads(page: Page, text: string): Promise<void> {
  const stored = page.locator(".message:not(:has(.tick.sending)) .text", { hasText: text });
  await stored.last().waitFor();
}

/** Scrolls frame by frame until a text is there: what is above or below comes from the peer. */
export async function scrollsTo(
  page: Page,
  text: RegExp,
  scroll: () => Promise<unknown>,
): Promise<void> {
  const wanted = page.locator(".message .text", { hasText: text });
  const scrolling = async () => {
    while (await wanted.count() === 0) {
      await scroll();
      await page.evaluate("new Promise(requestAnimationFrame)");
    }
  };
  await within(scrolling());
}

/** Resolves when the rooms are there. */
export async function ready(page: Page): Promise<void> {
  await page.locator(".composer textarea, .frame.at-rooms").first().waitFor();
}
