// nodejs-order-book 10.1.1 of npm behind JSON lines (docs/json-lines.md): a book an instrument. What it has no words for is not said to it,
// and refused on no channel. Stops are not offered: what it answers when they trigger does not tell who traded with whom.

import { createInterface } from "node:readline";
import { OrderBook } from "nodejs-order-book";

const OFFER = {
  commands: ["new", "cancel", "replace"], types: ["limit", "market"], tifs: ["day", "gtc", "ioc", "fok"], flags: ["post_only"],
  carries: ["maker", "price", "qty", "reason"], says_all: false, book: ["snapshot"], reset: "call",
};
const TIFS = { day: undefined, gtc: "GTC", ioc: "IOC", fok: "FOK" };
const PREVENTION = { none: "NONE", cancel_newest: "EXPIRE_TAKER", cancel_both: "EXPIRE_BOTH" };
const REASONS = {
  1101: "invalid_side", 1102: "invalid_quantity", 1103: "invalid_price", 1106: "fok_not_fillable", 1107: "post_only_would_trade",
  1109: "duplicate_order_id", 1110: "unknown_order", 1200: "invalid_quantity", 1202: "self_trade",
};
const ENDS = ["fok_not_fillable", "self_trade"]; // an order that was taken ends so; with any other error it was not taken
const UNSAID = [{ type: "rejected", reason: "unsupported" }];
const LOTS = Number(process.argv[2] ?? 1); // in 1 of its sizes

let instruments, prevention, books, accounts;

function empty() {
  books = new Map(instruments.map((bounds) => [bounds.id, { bounds, book: new OrderBook() }]));
  accounts = new Map(); // whose order it is, by its id: the book forgets that with a change
}

const sizeOf = (lots) => (lots === undefined ? undefined : lots / LOTS);
const lotsOf = (size) => Math.round(size * LOTS);
const within = (value, least, most) => value > 0 && least <= value && value <= most;
// The one bound that a book knows is 0: what lies below is said to it where the instrument has it refused too.
const canRule = (value, least, most) => value === undefined || within(value, least, most) || (value <= 0 && value < least);
const isAnothers = (book, it) => book.order(it.target) !== undefined && accounts.get(it.target) !== it.account;

function canSay({ order, order_type, tif, flags, price, qty, ...it }, { bounds, book }) {
  const market = order_type === "market";
  const known = (market || order_type === "limit") && tif in TIFS && [undefined, "post_only"].includes(flags);
  const further = it.stop ?? it.min_qty ?? it.display;
  const contradicts = market ? flags || tif === "fok" : flags && (tif === "ioc" || tif === "fok");
  // Market orders have no ids there, and no book knows the ids of another.
  const taken = [...books.values()].some((other) => (market || other.book !== book) && other.book.order(order));
  const ruled = canRule(qty, bounds.qty_min, bounds.qty_max) && (market || canRule(price, bounds.price_min, bounds.price_max));
  return known && further === undefined && !contradicts && order && !taken && ruled;
}

function fresh(it, home) {
  if (!canSay(it, home)) return UNSAID;
  const { order, price, qty } = it;
  const market = it.order_type === "market";
  const asked = { side: it.side, size: sizeOf(qty), accountId: it.account ? String(it.account) : "", stpMode: PREVENTION[prevention] };
  const limit = { ...asked, id: order, price, timeInForce: TIFS[it.tif], postOnly: it.flags === "post_only" };
  const told = market ? home.book.market(asked) : home.book.limit(limit);
  const error = told.err && (REASONS[told.err.code] ?? "other");
  if (error && !ENDS.includes(error)) return [{ type: "rejected", reason: error }];
  accounts.set(order, it.account);
  const reason = error ?? (market ? "market_remainder" : it.tif === "ioc" ? "ioc_remainder" : undefined);
  const rest = reason ? { type: "canceled", qty: lotsOf(told.quantityLeft), reason } : { type: "rested", price };
  return [{ type: "accepted", price: market ? undefined : price, qty }, ...effects(told, order), ...(told.quantityLeft > 0 ? [rest] : [])];
}

// It tells the orders that are gone, the taker last if it is one of them; then the maker that is left, or the taker where that is.
function effects(told, taker) {
  const left = told.partial ? [{ ...told.partial, size: told.partialQuantityProcessed }] : [];
  const makers = [...told.done, ...left].filter((one) => one.id !== taker);
  const trades = makers.map((one) => ({ type: "trade", maker: one.id, price: one.price, qty: lotsOf(one.size) }));
  const expired = told.stpExpired ?? [];
  return [...trades, ...expired.map((one) => ({ type: "canceled", order: one.id, qty: lotsOf(one.size), reason: "self_trade" }))];
}

function cancel(it, { book }) {
  if (it.qty !== undefined || isAnothers(book, it)) return UNSAID;
  const told = book.cancel(it.target);
  return [told ? { type: "canceled", qty: lotsOf(told.order.size), reason: "user" } : { type: "cancel_rejected", reason: "unknown_order" }];
}

function replace(it, { book, bounds }) {
  const { order, target, price, qty } = it;
  const bounded = within(price, bounds.price_min, bounds.price_max) && within(qty, bounds.qty_min, bounds.qty_max);
  if (order !== target || !bounded || isAnothers(book, it)) return UNSAID;
  const told = book.modify(target, { price, size: sizeOf(qty) });
  if (told.err) return [{ type: "replace_rejected", reason: REASONS[told.err.code] }];
  return [{ type: "replaced", new_order: order, price, qty }, ...effects(told, target), ...(told.quantityLeft > 0 ? [{ type: "rested", price }] : [])];
}

function events(it) {
  const act = { new: fresh, cancel, replace }[it.type];
  const home = books.get(it.instrument);
  const told = act && home ? act(it, home) : UNSAID;
  const about = { command: it.number, order: it.type === "new" ? it.order : it.target, instrument: it.instrument };
  return told.map((one) => ({ ...about, channel: told === UNSAID ? undefined : "order", ...one }));
}

function rows() {
  const snapshots = [...books].map(([id, { book }]) => [id, book.snapshot()]);
  const levels = snapshots.flatMap(([id, { bids, asks }]) => [...bids.map((one) => [id, 0, one]), ...asks.map((one) => [id, 1, one])]);
  return levels.flatMap(([id, side, { price, orders }]) => orders.map((one, place) => [id, side, price, place, `#${one.id}`, lotsOf(one.size)]));
}

function begin(it) {
  instruments = it.instruments;
  prevention = it.conventions?.self_trade in PREVENTION ? it.conventions.self_trade : "none";
  empty();
  // A change takes the prevention from an order, as its README says.
  const capabilities = { ...OFFER, commands: prevention === "none" ? OFFER.commands : ["new", "cancel"] };
  const conventions = { self_trade: prevention, replace_keeps_place: "never", replace_quantity: "open" };
  return { version: 1, name: "nodejs-order-book", engine_version: "10.1.1", capabilities, conventions };
}

function answers(it) {
  const asked = { init: begin, snapshot: () => ({ engine_seq: 0, rows: rows() }), reset: empty }[it.type];
  return asked ? [{ type: `${it.type}_ok`, ...asked(it) }] : events(it);
}

// Ids go up to 2^64 - 1, which no number of JavaScript holds: they are text here.
const read = (line) => JSON.parse(line.replace(/"(order|target)":(\d+)/g, '"$1":"$2"'));
const written = (told) => JSON.stringify(told).replace(/"(order|new_order|maker)":"(\d+)"/g, '"$1":$2').replace(/"#(\d+)"/g, "$1");

createInterface({ input: process.stdin }).on("line", (line) => answers(read(line)).forEach((told) => process.stdout.write(`${written(told)}\n`)));
