"""Papers (giấy tờ) about people: forms DC01 and DC02, verification slips between units."""
