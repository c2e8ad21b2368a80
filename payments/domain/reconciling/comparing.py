"""Three lists of the same money are compared; what does not agree gets a name. Nothing is read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from payments.models import DifferenceKind, MovementKind


@dataclass(frozen=True, slots=True, order=True)
class Name:
    """What a movement is called by everybody who lists it."""

    kind: MovementKind
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """`asked`: not from a list; the provider said so when asked, and 0 means that it has none."""

    amount: int
    times: int = 1
    asked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Lists:
    """One day of one provider, as each side tells it; None where a side told nothing at all.

    `bank_sees` are the kinds of movement that show one by one in the bank account: all of a
    transfer's, but of a card provider's only what it pays out.
    """

    booked: Mapping[Name, int]
    listed: Mapping[Name, Listed] | None
    banked: Mapping[Name, Listed] | None
    bank_sees: frozenset[MovementKind]
    fee_permille_at_most: int
    # False: only single movements were asked about, and the others may well be there.
    whole: bool = True

    @property
    def untold(self) -> Mapping[Name, int]:
        """What nobody at the provider has said anything about."""
        listed = self.listed or {}
        return {} if self.whole else {k: v for k, v in self.booked.items() if k not in listed}


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One difference, with what each side says."""

    kind: DifferenceKind
    name: Name
    booked: int | None = None
    listed: int | None = None
    banked: int | None = None


# What stands in the list alone and is no sale of ours: it is posted from there.
ONLY_LISTED = frozenset({MovementKind.FEE, MovementKind.PAYOUT})


def differences(lists: Lists) -> list[Found]:
    """Name everything that does not agree, each once."""
    return [*_with_the_list(lists), *_with_the_bank(lists), *_named_twice(lists), *_fees(lists)]


def _with_the_list(lists: Lists) -> Iterator[Found]:
    if lists.listed is None:
        return
    untold = lists.untold.keys()
    for name in sorted((lists.booked.keys() | lists.listed.keys()) - untold):
        booked = lists.booked.get(name)
        listed = lists.listed.get(name)
        if booked is None and name.kind in ONLY_LISTED:
            continue
        kind = _kind(booked, listed, whole=lists.whole)
        if kind is not None:
            shown = None if listed is None else listed.amount
            yield Found(kind=kind, name=name, booked=booked, listed=shown)


def _kind(booked: int | None, listed: Listed | None, *, whole: bool) -> DifferenceKind | None:
    if booked is None:
        return DifferenceKind.MISSING_IN_LEDGER if listed and listed.amount else None
    # What is paid out follows the list: a word of the interface does not stand in for its line.
    if listed is None or not listed.amount or (listed.asked and whole):
        return DifferenceKind.MISSING_AT_PROVIDER
    return DifferenceKind.AMOUNT_DIFFERS if booked != listed.amount else None


def _with_the_bank(lists: Lists) -> Iterator[Found]:
    """What should be in the account is there, and what is there is explained."""
    if lists.banked is None:
        return
    listed = {name: each.amount for name, each in (lists.listed or {}).items()}
    expected = {
        name: amount
        for name, amount in (listed | dict(lists.booked)).items()
        if name.kind in lists.bank_sees
    }
    for name in sorted(expected.keys() | lists.banked.keys()):
        due, banked = expected.get(name), lists.banked.get(name)
        amount = None if banked is None else banked.amount
        if due == amount:
            continue
        if banked is None:
            kind = DifferenceKind.MISSING_IN_BANK
        elif due is None:
            kind = DifferenceKind.UNKNOWN_IN_BANK
        else:
            kind = DifferenceKind.AMOUNT_DIFFERS
        yield Found(
            kind=kind,
            name=name,
            booked=lists.booked.get(name),
            listed=listed.get(name),
            banked=amount,
        )


def _named_twice(lists: Lists) -> Iterator[Found]:
    for name, listed in sorted((lists.listed or {}).items(), key=lambda one: one[0]):
        if listed.times > 1:
            yield Found(
                kind=DifferenceKind.LISTED_TWICE,
                name=name,
                booked=lists.booked.get(name),
                listed=listed.amount,
            )


def _fees(lists: Lists) -> Iterator[Found]:
    """A fee bears the reference of its payment; more than was agreed is seen."""
    listed = lists.listed or {}
    for name, fee in sorted(listed.items(), key=lambda one: one[0]):
        if name.kind != MovementKind.FEE:
            continue
        paid = listed.get(Name(MovementKind.PAYMENT, name.reference))
        most = (paid.amount if paid else 0) * lists.fee_permille_at_most // 1000
        if -fee.amount > most:
            yield Found(kind=DifferenceKind.FEE_UNEXPECTED, name=name, listed=fee.amount)
