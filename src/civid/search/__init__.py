"""Galleries: who is already here?"""
