"""The pages a practitioner sees, one module a journey."""
