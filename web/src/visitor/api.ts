import { createApi, type Schemas } from '$shared/api/client'
import { FirstAnswers } from './first_answers'
import { words } from './words'

export const api = createApi(() => words.language, new FirstAnswers().fetch)

export type SiteItem = Schemas['PlaceOut']
export type SiteDetail = Schemas['PlaceDetailOut']
export type Product = Schemas['ProductOut']
export type Order = Schemas['OrderWithPaymentsOut']
export type Ticket = Schemas['TicketOut']
export type OrderIn = Schemas['OrderIn']
export type OrderPlaced = Schemas['OrderPlacedOut']
export type Guide = Schemas['GuideOut']
export type GuideStop = Schemas['StopOut']
