"""Identity cards (thẻ căn cước): law, life cycle, QR code, machine-readable zone, chip, specimen.

The modules load on use; none of them needs numpy or the fingerprint engine:

* `civid.cards.qr`, `civid.cards.mrz`, `civid.cards.chip`: what is written on a card and into it;
* `civid.cards.validity`, `civid.cards.deadlines`, `civid.cards.fees`, `civid.cards.eligibility`:
  the two laws as data, chosen by the filing date;
* `civid.cards.lifecycle`: dossiers, cards and the chain of generations as state machines;
* `civid.cards.card`: one record that all of it is made from, and `civid.cards.crosscheck`.
"""
