import { createApi, type Schemas } from '$shared/api/client'
import { words } from './words'

export const api = createApi(() => words.language)

export type SiteItem = Schemas['SiteItem']
export type SiteDetail = Schemas['SiteDetail']
export type Product = Schemas['Product']
export type Order = Schemas['Order']
export type Ticket = Schemas['Ticket']
export type OrderIn = Schemas['OrderIn']
export type OrderPlaced = Schemas['OrderPlaced']
