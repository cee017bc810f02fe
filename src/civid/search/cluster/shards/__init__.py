"""Shards (mảnh): galleries numbered in one order, on a node that answers when it may."""
