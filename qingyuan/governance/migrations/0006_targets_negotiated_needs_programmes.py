
import django.db.models.deletion
from django.db import migrations, models

import qingyuan.foundation.ids


class Migration(migrations.Migration):

    dependencies = [
        ('governance', '0005_supervision_orders'),
        ('organisation', '0007_sign_in_counts'),
    ]

    operations = [
        migrations.AddField(
            model_name='targetmove',
            name='addendum',
            field=models.BooleanField(default=False, verbose_name='下达后的调整'),
        ),
        migrations.AddField(
            model_name='targetmove',
            name='document',
            field=models.CharField(blank=True, max_length=60, verbose_name='文号'),
        ),
        migrations.CreateModel(
            name='Programme',
            fields=[
                ('id', models.UUIDField(default=qingyuan.foundation.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('title', models.CharField(max_length=80, verbose_name='名称')),
                ('first_year', models.PositiveSmallIntegerField(verbose_name='起始年度')),
                ('last_year', models.PositiveSmallIntegerField(verbose_name='结束年度')),
                ('document', models.CharField(blank=True, max_length=60, verbose_name='文号')),
                ('adopted_on', models.DateField(null=True, verbose_name='印发日期')),
                ('adopted_by_name', models.CharField(blank=True, max_length=40, verbose_name='审定人')),
                ('city', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.division', verbose_name='区划')),
            ],
            options={
                'verbose_name': '行动计划',
                'ordering': ('-first_year', 'title'),
            },
        ),
        migrations.CreateModel(
            name='ProgrammeGoal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('indicator', models.CharField(max_length=40, verbose_name='指标')),
                ('programme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='goals', to='governance.programme')),
            ],
            options={
                'verbose_name': '行动计划目标',
                'ordering': ('pk',),
            },
        ),
        migrations.CreateModel(
            name='ProgrammeStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField(verbose_name='年度')),
                ('value', models.DecimalField(decimal_places=4, max_digits=16, verbose_name='目标')),
                ('goal', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='governance.programmegoal')),
            ],
            options={
                'verbose_name': '年度目标',
                'ordering': ('year',),
            },
        ),
        migrations.CreateModel(
            name='TargetBid',
            fields=[
                ('id', models.UUIDField(default=qingyuan.foundation.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('standing', models.DecimalField(decimal_places=4, max_digits=16, verbose_name='当时的数')),
                ('asked', models.DecimalField(decimal_places=4, max_digits=16, verbose_name='希望的数')),
                ('reason', models.CharField(max_length=200, verbose_name='理由')),
                ('by_name', models.CharField(max_length=40, verbose_name='提出人')),
                ('at', models.DateTimeField(verbose_name='提出时间')),
                ('state', models.CharField(choices=[('open', '待答复'), ('accepted', '已同意'), ('settled', '另定一数'), ('declined', '未同意'), ('withdrawn', '已撤回')], default='open', max_length=12, verbose_name='状态')),
                ('given', models.DecimalField(decimal_places=4, max_digits=16, null=True, verbose_name='答复的数')),
                ('answer', models.CharField(blank=True, max_length=200, verbose_name='答复')),
                ('answered_by_name', models.CharField(blank=True, max_length=40, verbose_name='答复人')),
                ('answered_at', models.DateTimeField(null=True, verbose_name='答复时间')),
                ('share', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bids', to='governance.targetshare')),
            ],
            options={
                'verbose_name': '协商意见',
                'ordering': ('at', 'pk'),
            },
        ),
        migrations.CreateModel(
            name='TaskEvidence',
            fields=[
                ('id', models.UUIDField(default=qingyuan.foundation.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('quarter', models.PositiveSmallIntegerField(verbose_name='季度')),
                ('ledger', models.CharField(max_length=40, verbose_name='台账')),
                ('row_id', models.UUIDField()),
                ('by_name', models.CharField(max_length=40, verbose_name='关联人')),
                ('at', models.DateTimeField(verbose_name='关联时间')),
                ('task', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='proofs', to='governance.unittask')),
            ],
            options={
                'verbose_name': '进展依据',
                'ordering': ('quarter', 'at', 'pk'),
            },
        ),
        migrations.CreateModel(
            name='UnitNeed',
            fields=[
                ('id', models.UUIDField(default=qingyuan.foundation.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('what', models.CharField(max_length=300, verbose_name='需要什么')),
                ('due_on', models.DateField(verbose_name='何时要')),
                ('state', models.CharField(choices=[('asked', '待答复'), ('promised', '已答应'), ('refused', '未答应'), ('met', '已办到'), ('withdrawn', '已撤回')], default='asked', max_length=12, verbose_name='状态')),
                ('asked_at', models.DateTimeField(verbose_name='提出时间')),
                ('answered_at', models.DateTimeField(null=True, verbose_name='答复时间')),
                ('promised_on', models.DateField(null=True, verbose_name='答应的日期')),
                ('met_on', models.DateField(null=True, verbose_name='办到日期')),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.division')),
                ('task', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='needs', to='governance.unittask', verbose_name='任务')),
                ('to_division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.division')),
                ('to_unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit', verbose_name='配合单位')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit', verbose_name='提出单位')),
            ],
            options={
                'verbose_name': '配合事项',
                'ordering': ('due_on', 'pk'),
            },
        ),
        migrations.CreateModel(
            name='UnitNeedStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('step', models.CharField(max_length=12, verbose_name='步骤')),
                ('words', models.CharField(blank=True, max_length=300, verbose_name='说明')),
                ('day', models.DateField(null=True, verbose_name='日期')),
                ('by_name', models.CharField(max_length=40, verbose_name='经办人')),
                ('at', models.DateTimeField(verbose_name='时间')),
                ('need', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='governance.unitneed')),
                ('unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit')),
            ],
            options={
                'verbose_name': '配合事项的经过',
                'ordering': ('at', 'pk'),
            },
        ),
        migrations.AddConstraint(
            model_name='programme',
            constraint=models.UniqueConstraint(fields=('city', 'title'), name='governance_programme_unique'),
        ),
        migrations.AddConstraint(
            model_name='programme',
            constraint=models.CheckConstraint(condition=models.Q(('last_year__gt', models.F('first_year'))), name='governance_programme_several_years'),
        ),
        migrations.AddConstraint(
            model_name='programmegoal',
            constraint=models.UniqueConstraint(fields=('programme', 'indicator'), name='governance_programmegoal_unique'),
        ),
        migrations.AddConstraint(
            model_name='programmestep',
            constraint=models.UniqueConstraint(fields=('goal', 'year'), name='governance_programmestep_unique'),
        ),
        migrations.AddConstraint(
            model_name='programmestep',
            constraint=models.CheckConstraint(condition=models.Q(('value__gte', 0)), name='governance_programmestep_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='targetbid',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('share',), name='governance_targetbid_one_open'),
        ),
        migrations.AddConstraint(
            model_name='targetbid',
            constraint=models.CheckConstraint(condition=models.Q(('asked__gte', 0), models.Q(('reason', ''), _negated=True)), name='governance_targetbid_has_reason'),
        ),
        migrations.AddConstraint(
            model_name='targetbid',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ('open', 'withdrawn')), models.Q(('answer', ''), _negated=True), _connector='OR'), name='governance_targetbid_answered_in_words'),
        ),
        migrations.AddConstraint(
            model_name='targetbid',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answered_at', None), ('state', 'open')), models.Q(models.Q(('state', 'open'), _negated=True), ('answered_at__isnull', False), models.Q(('answered_by_name', ''), _negated=True)), _connector='OR'), name='governance_targetbid_answered_has_time'),
        ),
        migrations.AddConstraint(
            model_name='taskevidence',
            constraint=models.UniqueConstraint(fields=('task', 'ledger', 'row_id'), name='governance_taskevidence_once'),
        ),
        migrations.AddConstraint(
            model_name='taskevidence',
            constraint=models.CheckConstraint(condition=models.Q(('quarter__range', (1, 4))), name='governance_taskevidence_quarter'),
        ),
        migrations.AddIndex(
            model_name='unitneed',
            index=models.Index(fields=['to_unit', 'state', 'due_on'], name='governance_unitneed_to'),
        ),
        migrations.AddConstraint(
            model_name='unitneed',
            constraint=models.CheckConstraint(condition=models.Q(('unit', models.F('to_unit')), _negated=True), name='governance_unitneed_of_another'),
        ),
        migrations.AddConstraint(
            model_name='unitneed',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'promised'), _negated=True), ('promised_on__isnull', False), _connector='OR'), name='governance_unitneed_promise_has_day'),
        ),
        migrations.AddConstraint(
            model_name='unitneed',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'met'), _negated=True), ('met_on__isnull', False), _connector='OR'), name='governance_unitneed_met_has_day'),
        ),
    ]
