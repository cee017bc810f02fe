"""Campaigns (chiến dịch cấp thẻ): plan, run and foresee the enrolment of a country."""
