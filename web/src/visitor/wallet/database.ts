import { openDB, type DBSchema, type IDBPDatabase } from 'idb'
import type { Order } from '../api'

/** An order as it lies on this phone. The secret exists nowhere else. */
export interface StoredOrder {
  code: string
  secret: string
  /** The place where buying began; empty when the order came by a link. */
  slug: string
  placedAt: string
  /** The newest answer of the server, and when it came. */
  order: Order
  knownAt: string
}

interface WalletSchema extends DBSchema {
  orders: { key: string; value: StoredOrder; indexes: { byPlacedAt: string } }
}

export type WalletDatabase = IDBPDatabase<WalletSchema>

export function openWallet(name = 'ngomon-wallet'): Promise<WalletDatabase> {
  return openDB<WalletSchema>(name, 1, {
    upgrade(database) {
      const orders = database.createObjectStore('orders', { keyPath: 'code' })
      orders.createIndex('byPlacedAt', 'placedAt')
    },
  })
}
