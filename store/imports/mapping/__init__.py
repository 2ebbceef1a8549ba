"""Mappings: what the columns of somebody's own file stand for, so that it can be read like any other."""
