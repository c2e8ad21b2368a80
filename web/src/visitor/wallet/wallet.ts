import type { Order, OrderPlaced } from '../api'
import { openWallet, type StoredOrder, type WalletDatabase } from './database'

/** The orders and tickets on this phone; they show without network. */
export class Wallet {
  #open: () => Promise<WalletDatabase>
  #database: Promise<WalletDatabase> | null = null

  constructor(open: () => Promise<WalletDatabase> = openWallet) {
    this.#open = open
  }

  /** Keeps a new order with its secret. Placing it again, after a lost answer, changes nothing. */
  async remember(placed: OrderPlaced, slug: string, at: Date): Promise<void> {
    const { code, secret, status, total, lines, expires_at } = placed
    const created_at = at.toISOString()
    const order: Order = {
      ...{ code, status, total, lines, created_at, expires_at },
      payments: [],
      cancellations: [],
      pdfs: [],
      tickets: [],
    }
    const transaction = (await this.#ready()).transaction('orders', 'readwrite')
    if (!(await transaction.store.get(code)))
      await transaction.store.add({
        code,
        secret,
        slug,
        order,
        placedAt: at.toISOString(),
        knownAt: at.toISOString(),
      })
    await transaction.done
  }

  /** Keeps an order that came by a link, as the server just told it. */
  async receive(order: Order, secret: string, at: Date): Promise<StoredOrder> {
    const known = at.toISOString()
    const stored = {
      ...{ code: order.code, secret, slug: '', order },
      placedAt: order.created_at,
      knownAt: known,
    }
    await (await this.#ready()).put('orders', stored)
    keepForGood(order)
    return stored
  }

  /** Replaces what we know of an order by the server's newest answer. */
  async refresh(order: Order, at: Date): Promise<void> {
    const transaction = (await this.#ready()).transaction('orders', 'readwrite')
    const stored = await transaction.store.get(order.code)
    if (stored) await transaction.store.put({ ...stored, order, knownAt: at.toISOString() })
    await transaction.done
    keepForGood(order)
  }

  async find(code: string): Promise<StoredOrder | undefined> {
    return (await this.#ready()).get('orders', code)
  }

  /** Newest first. */
  async all(): Promise<StoredOrder[]> {
    return (await (await this.#ready()).getAllFromIndex('orders', 'byPlacedAt')).reverse()
  }

  /** An order of this place that still waits for its money: to be paid rather than made again. */
  async waiting(slug: string, now: Date): Promise<StoredOrder | undefined> {
    const held = (await this.all()).filter((stored) => stored.order.status === 'held')
    return held.find((stored) => stored.slug === slug && new Date(stored.order.expires_at) > now)
  }

  #ready(): Promise<WalletDatabase> {
    this.#database ??= this.#open()
    return this.#database
  }
}

/** Asks the browser not to clear tickets when the phone is full. */
function keepForGood(order: Order): void {
  if (order.tickets.length > 0)
    void globalThis.navigator?.storage?.persist?.().catch(() => undefined)
}

export const wallet = new Wallet()
